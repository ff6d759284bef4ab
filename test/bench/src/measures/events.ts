import { setTimeout as pause } from 'node:timers/promises';
import {
  ComponentMesh,
  IstioClient,
  MeshEvent,
} from '@istio-backstage/plugin-istio-common';
import { summarize } from '../report/percentiles';
import type { Figure } from '../types';
import type { BenchComponent } from '../world/createWorldFiles';
import type { BenchWorld } from '../world/BenchWorld';
import type { PortalClient } from '../world/PortalClient';
import type { SandboxProcess } from '../world/SandboxProcess';
import { paths } from './views';

const CHANGES = 50;
/** After that a change counts as lost, and the measure fails. */
const LOST_AFTER_MS = 15_000;
/** The page gathers events for this long before it asks again (plugins/istio, meshConnection). */
const PAGE_GATHERS_MS = 150;

interface Change {
  entityRef: string;
  make(sandbox: SandboxProcess): Promise<void>;
  isIn(answer: ComponentMesh): boolean;
}

interface Seen {
  eventMs: number;
  visibleMs: number;
  answers: number;
}

/** From a change in the cluster to an answer that shows it, as a page comes by it. */
export async function measureEvents(options: {
  world: BenchWorld;
  portal: PortalClient;
}): Promise<Figure[]> {
  const { world, portal } = options;
  // Those have a VirtualService with weights.
  const split = world.components.filter(one => one.workloads.length > 1);
  const cases: [string, (component: BenchComponent, turn: number) => Change][] =
    [
      ['weights of a VirtualService', shiftWeights],
      ['readiness of a pod', changeReadiness],
    ];
  const stop = new AbortController();
  const events = followEvents(portal, stop.signal);
  const figures: Figure[] = [];
  try {
    await events.opened;
    for (const [what, createChange] of cases) {
      const seen: Seen[] = [];
      for (let round = 0; round < CHANGES; round += 1) {
        const change = createChange(
          split[round % split.length],
          Math.floor(round / split.length),
        );
        seen.push(await observe(change, { world, portal, events }));
        // Uneven, so that changes do not keep step with any timer of the backend.
        await pause(300 + ((round * 37) % 200));
      }
      figures.push(...describe(what, seen));
    }
  } finally {
    stop.abort();
  }
  return figures;
}

function describe(what: string, seen: Seen[]): Figure[] {
  const again = seen.filter(({ answers }) => answers > 1).length;
  return [
    {
      what: `${seen.length} times ${what}: event`,
      values: summarize(seen.map(({ eventMs }) => eventMs)),
      unit: 'ms',
    },
    {
      what: `${seen.length} times ${what}: visible`,
      values: summarize(seen.map(({ visibleMs }) => visibleMs)),
      unit: 'ms',
      aim: { value: 'max', atMost: 1_000 },
      note: `${PAGE_GATHERS_MS} ms of it are the page's own wait; ${
        again === 0
          ? 'the first answer showed it every time'
          : `${again} needed a second event`
      }`,
    },
  ];
}

/** As a page does it: hear of the component, wait a moment for more, ask again. */
async function observe(
  change: Change,
  options: {
    world: BenchWorld;
    portal: PortalClient;
    events: ReturnType<typeof followEvents>;
  },
): Promise<Seen> {
  const { world, portal, events } = options;
  // Somebody looks at it already.
  await portal.get(paths.mesh(change.entityRef));
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  let heard = events.next(change.entityRef);
  await change.make(world.sandbox);
  let eventMs: number | undefined;
  for (let answers = 1; ; answers += 1) {
    await heard;
    eventMs ??= since();
    heard = events.next(change.entityRef);
    // Whoever is not waited for any more may end without being heard.
    heard.catch(() => {});
    await pause(PAGE_GATHERS_MS);
    const answer = await portal.getJson<ComponentMesh>(
      paths.mesh(change.entityRef),
    );
    if (change.isIn(answer)) {
      return { eventMs, visibleMs: since(), answers };
    }
  }
}

function followEvents(portal: PortalClient, signal: AbortSignal) {
  const waiting = new Set<(event: MeshEvent) => void>();
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const client = new IstioClient({
    discoveryApi: { getBaseUrl: async () => `${portal.address}/api/istio` },
    fetchApi: {
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', `Bearer ${portal.token}`);
        const response = await fetch(url, { ...init, headers });
        if (response.ok) open();
        return response;
      },
    },
  });
  void client.subscribe({
    signal,
    onEvent: event => waiting.forEach(hear => hear(event)),
  });
  return {
    opened,
    /** Resolves at the next event that names the entity. Rejects when none comes. */
    next: (entityRef: string) => {
      const ended = new AbortController();
      const heard = new Promise<void>(resolve => {
        const hear = ({ entityRefs }: MeshEvent) => {
          if (entityRefs.includes(entityRef) || entityRefs.includes('*')) {
            resolve();
          }
        };
        waiting.add(hear);
        ended.signal.addEventListener('abort', () => waiting.delete(hear));
      });
      const lost = pause(LOST_AFTER_MS, undefined, {
        signal: AbortSignal.any([ended.signal, signal]),
        ref: false,
      }).then(() => {
        throw new Error(`No event named ${entityRef} in ${LOST_AFTER_MS} ms`);
      });
      return Promise.race([heard, lost]).finally(() => ended.abort());
    },
  };
}

/** `turn` counts how often the component was changed: each time to something it was not before. */
function shiftWeights(
  { entityRef, name, namespace }: BenchComponent,
  turn: number,
): Change {
  const weight = 11 + turn;
  const destination = (subset: string) => ({ host: name, subset });
  return {
    entityRef,
    make: sandbox =>
      sandbox.send({
        method: 'PATCH',
        path: `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices/${name}`,
        contentType: 'application/merge-patch+json',
        body: {
          spec: {
            http: [
              {
                name: 'primary',
                route: [
                  { destination: destination('v1'), weight: 100 - weight },
                  { destination: destination('v2'), weight },
                ],
              },
            ],
          },
        },
      }),
    isIn: ({ split }) =>
      split?.routes.some(
        route =>
          route.object?.name === name &&
          route.destinations.some(
            one => one.subset === 'v2' && one.weight === weight,
          ),
      ) === true,
  };
}

function changeReadiness(
  {
    entityRef,
    namespace,
    workloads: [{ name: workload, pods }],
  }: BenchComponent,
  turn: number,
): Change {
  const ready = pods - 1 + (turn % 2);
  return {
    entityRef,
    make: sandbox =>
      sandbox.send({
        method: 'POST',
        path: '/sandbox/world',
        body: {
          changes: [{ type: 'readiness', namespace, workload, ready }],
        },
      }),
    isIn: ({ match }) =>
      match.workloads.some(
        one => one.name === workload && one.podsReady === ready,
      ),
  };
}
