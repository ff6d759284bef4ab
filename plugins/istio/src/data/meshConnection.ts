import { QueryClient } from '@tanstack/react-query';
import { ResponseError } from '@backstage/errors';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { ANY_ENTITY, isTouchedBy } from './queryKeys';

/** Events within this time are one refetch of what they name. */
const GATHER_MS = 150;
/** Lists over the whole mesh refetch at most this often, however busy the mesh is. */
const LIST_PAUSE_MS = 2_000;

/**
 * Answers and events of one API, shared by every surface on the page that shows them: three cards
 * are one request, and one event stream is all that a browser with few connections can spare.
 */
export interface MeshConnection {
  readonly queryClient: QueryClient;
  /** Keeps the event stream open until the returned function is called. */
  listen(): () => void;
}

const connections = new WeakMap<IstioApi, MeshConnection>();

/** The connection of an API, made at its first use. */
export function meshConnectionOf(api: IstioApi): MeshConnection {
  const known = connections.get(api);
  if (known) return known;
  const created = createMeshConnection(api);
  connections.set(api, created);
  return created;
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        gcTime: 5 * 60_000,
        retry: (count, error) => count < 2 && !isClientError(error),
        refetchOnWindowFocus: true,
      },
    },
  });
}

/** A refusal (4xx) stays one however often it is asked. */
function isClientError(error: unknown): boolean {
  return (
    error instanceof ResponseError &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

function createMeshConnection(api: IstioApi): MeshConnection {
  const queryClient = createQueryClient();
  const gather = createGatherer(queryClient);
  let users = 0;
  let stop: AbortController | undefined;

  return {
    queryClient,
    listen: () => {
      users += 1;
      if (users === 1) {
        stop = new AbortController();
        // Reconnects by itself, and reports "anything" at intervals where events cannot pass.
        void api.subscribe({
          signal: stop.signal,
          onEvent: event => gather(event.entityRefs),
        });
      }
      return () => {
        users -= 1;
        if (users === 0) stop?.abort();
      };
    },
  };
}

/** Turns a burst of events into one refetch per component and few of the lists. */
function createGatherer(queryClient: QueryClient) {
  let named = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let listTimer: ReturnType<typeof setTimeout> | undefined;
  let listsAt = 0;

  const refreshLists = () => {
    listTimer = undefined;
    listsAt = Date.now();
    void queryClient.invalidateQueries({
      predicate: query => query.queryKey[2] === ANY_ENTITY,
    });
  };
  const flush = () => {
    timer = undefined;
    const refs = named;
    named = new Set();
    void queryClient.invalidateQueries({
      predicate: query =>
        query.queryKey[2] !== ANY_ENTITY && isTouchedBy(query.queryKey, refs),
    });
    listTimer ??= setTimeout(
      refreshLists,
      Math.max(0, listsAt + LIST_PAUSE_MS - Date.now()),
    );
  };
  return (entityRefs: readonly string[]) => {
    if (entityRefs.length === 0) return;
    entityRefs.forEach(ref => named.add(ref));
    timer ??= setTimeout(flush, GATHER_MS);
  };
}
