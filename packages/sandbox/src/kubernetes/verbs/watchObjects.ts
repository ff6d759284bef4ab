import { apiVersionOf, convertObject } from '../resources/ResourceRegistry';
import { ApiError, expired, invalidOptions } from '../requests/ApiError';
import type {
  ResourceRequest,
  WatchAnswer,
  WatchSession,
} from '../requests/types';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import { parseSelectors, type ObjectFilter } from '../store/selectors';
import type { ChangeType, KubeObject, ObjectChange } from '../types';
import type { JsonObject } from '../json';
import { buildTable, wantsTable } from '../discovery/buildTable';
import { parseVersion } from './readObjects';

/** A watch that names no timeout ends after this long, as the API server's (30 to 60 minutes). */
const DEFAULT_TIMEOUT_S = 45 * 60;
/** The last bookmark comes this long before the timeout. */
const LAST_BOOKMARK_MS = 2000;
const INITIAL_END = 'k8s.io/initial-events-end';

interface WatchOptions {
  version?: number;
  bookmarks: boolean;
  sendInitial: boolean;
  timeoutMs: number;
}

function readOptions(query: URLSearchParams): WatchOptions {
  const flag = (name: string) =>
    ['true', '1', ''].includes(query.get(name) ?? 'no');
  const sendInitial = flag('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const refuse = (field: string, detail: string) =>
    invalidOptions('ListOptions', [
      fieldError('FieldValueForbidden', field, { detail }),
    ]);
  if (sendInitial && match !== 'NotOlderThan') {
    throw refuse(
      'resourceVersionMatch',
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  if (!query.has('sendInitialEvents') && match !== '') {
    throw refuseMatch(match);
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_S;
  return {
    version: parseVersion(query.get('resourceVersion')),
    bookmarks: flag('allowWatchBookmarks'),
    sendInitial,
    timeoutMs: seconds * 1000,
  };
}

function refuseMatch(match: string): ApiError {
  const field = 'resourceVersionMatch';
  const errors = [
    fieldError('FieldValueForbidden', field, {
      detail:
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    }),
  ];
  if (match !== 'NotOlderThan') {
    const detail = 'supported values: "NotOlderThan"';
    errors.push(
      fieldError('FieldValueNotSupported', field, { value: match, detail }),
    );
  }
  return invalidOptions('ListOptions', errors);
}

class Watch {
  private sent: number;
  /** The client knows this version already. */
  private from: number;
  private stopped = false;

  constructor(
    private readonly request: ResourceRequest,
    private readonly options: WatchOptions,
    private readonly filter: ObjectFilter | undefined,
    private readonly session: WatchSession,
  ) {
    this.sent = options.version ?? 0;
    this.from = this.sent;
  }

  start(): void {
    const { store, bookmarkEveryMs } = this.request.server;
    const { version, sendInitial } = this.options;
    if (version === undefined || version === 0 || sendInitial) {
      this.sendPresent();
    } else {
      const missed = store.changesAfter(version);
      if (!missed) {
        this.fail(
          expired(
            `too old resource version: ${version} (${store.compactedVersion()})`,
          ),
        );
        return;
      }
      missed.forEach(change => this.offer(change));
    }
    if (this.stopped) {
      return;
    }
    const unsubscribe = store.subscribe(change => this.offer(change));
    const bookmark = setInterval(() => this.bookmark(), bookmarkEveryMs);
    const { timeoutMs } = this.options;
    const timers = [setTimeout(() => this.session.end(), timeoutMs)];
    if (timeoutMs > LAST_BOOKMARK_MS) {
      // A client that reconnects after the timeout starts from here.
      const last = timeoutMs - LAST_BOOKMARK_MS;
      timers.push(setTimeout(() => this.bookmark(), last));
    }
    bookmark.unref();
    timers.forEach(timer => timer.unref());
    this.session.onEnd(() => {
      this.stopped = true;
      unsubscribe();
      clearInterval(bookmark);
      timers.forEach(timer => clearTimeout(timer));
    });
  }

  private sendPresent(): void {
    const { server, resource, namespace } = this.request;
    for (const object of server.store.list(resource.type.id, namespace)) {
      if (!this.filter || this.filter(object)) {
        this.send('ADDED', object);
      }
    }
    this.sent = server.store.currentVersion();
    this.from = this.sent;
    if (this.options.bookmarks && this.options.sendInitial) {
      this.bookmark({ [INITIAL_END]: 'true' });
    }
  }

  private offer(change: ObjectChange): void {
    const { resource, namespace } = this.request;
    this.sent = Math.max(this.sent, change.resourceVersion);
    if (
      this.stopped ||
      change.resource !== resource.type.id ||
      (namespace !== undefined &&
        change.object.metadata.namespace !== namespace)
    ) {
      return;
    }
    const type = this.typeFor(change);
    if (type) {
      this.send(type, change.object);
    }
  }

  /** An object that starts or stops matching the selector comes or goes for this watch. */
  private typeFor(change: ObjectChange): ChangeType | undefined {
    if (!this.filter) {
      return change.type;
    }
    const before =
      change.previous !== undefined && this.filter(change.previous);
    const after = change.type !== 'DELETED' && this.filter(change.object);
    if (before && after) {
      return 'MODIFIED';
    }
    if (after) {
      return 'ADDED';
    }
    return before ? 'DELETED' : undefined;
  }

  private send(type: ChangeType, object: KubeObject): void {
    const { resource, request, server } = this.request;
    const converted = convertObject(
      object,
      resource.type,
      resource.version.name,
    );
    const body = wantsTable(request)
      ? buildTable([converted], resource, { now: server.clock(), metadata: {} })
      : converted;
    this.session.send({ type, object: body });
  }

  private bookmark(annotations?: JsonObject): void {
    const isNews = annotations !== undefined || this.sent > this.from;
    if (!this.options.bookmarks || this.stopped || !isNews) {
      return;
    }
    const { type, version } = this.request.resource;
    this.session.send({
      type: 'BOOKMARK',
      object: {
        kind: type.kind,
        apiVersion: apiVersionOf(type.group, version.name),
        metadata: {
          resourceVersion: String(this.sent),
          ...(annotations ? { annotations } : {}),
        },
      },
    });
  }

  private fail(error: ApiError): void {
    this.stopped = true;
    this.session.send({ type: 'ERROR', object: error.toStatus() });
    this.session.end();
  }
}

/**
 * A watch. Without a version it begins with the present objects as ADDED; with one, with the changes since then.
 * A version that is compacted away gets an ERROR event with 410 inside the stream, as from the API server's cache.
 */
export function watchObjects(request: ResourceRequest): WatchAnswer {
  const options = readOptions(request.info.query);
  const filter = parseSelectors(request.info.query, request.resource.type);
  return {
    watch: session => new Watch(request, options, filter, session).start(),
  };
}
