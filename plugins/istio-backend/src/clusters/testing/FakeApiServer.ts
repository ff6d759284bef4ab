import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  KIND_NAMES,
  KINDS,
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { pathOf } from '../pathOf';

interface Watcher {
  kind: KindName;
  res: http.ServerResponse;
}

interface SeenRequest {
  path: string;
  watch: boolean;
  resourceVersion?: string;
  authorization?: string;
}

/**
 * The list and watch half of an API server, for what the sandbox does not do on demand: a watch that falls
 * silent, hangs or breaks inside an event. Everything else is tested against the sandbox.
 */
export class FakeApiServer {
  readonly seen: SeenRequest[] = [];
  /** Status to answer with, per kind; undefined: 200. */
  readonly status = new Map<KindName | 'version', number>();
  /** Groups, `cert-manager.io`, that nobody installed. */
  readonly absentGroups = new Set<string>();
  /** Kinds whose requests never get an answer. */
  readonly hanging = new Set<KindName | 'version'>();
  /** A watch from an older version than this is Gone. */
  compactedTo = 0;
  private version = 1;
  private readonly objects = new Map<KindName, Map<string, KubeObject>>();
  private readonly watchers = new Set<Watcher>();
  private server = http.createServer((req, res) => this.answer(req, res));
  private port = 0;

  static async start(): Promise<FakeApiServer> {
    const server = new FakeApiServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Also after `close`: the same address answers again. */
  listen(): Promise<void> {
    return new Promise(resolve => {
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => {
        this.server = http.createServer((req, res) => this.answer(req, res));
        resolve();
      });
      this.server.closeAllConnections();
      this.watchers.clear();
    });
  }

  put(kind: KindName, object: KubeObject): void {
    const known = this.objectsOf(kind).get(keyOf(object));
    const stored = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: this.nextVersion() },
    };
    this.objectsOf(kind).set(keyOf(object), stored);
    this.send(kind, { type: known ? 'MODIFIED' : 'ADDED', object: stored });
  }

  remove(kind: KindName, object: KubeObject): void {
    this.objectsOf(kind).delete(keyOf(object));
    const metadata = {
      ...object.metadata,
      resourceVersion: this.nextVersion(),
    };
    this.send(kind, { type: 'DELETED', object: { ...object, metadata } });
  }

  /** Changes an object without telling any watch: only a new list shows it. */
  putSilently(kind: KindName, object: KubeObject): void {
    const metadata = {
      ...object.metadata,
      resourceVersion: this.nextVersion(),
    };
    this.objectsOf(kind).set(keyOf(object), { ...object, metadata });
  }

  bookmark(kind: KindName): void {
    const metadata = { resourceVersion: this.nextVersion() };
    this.send(kind, { type: 'BOOKMARK', object: { metadata } });
  }

  /** An ERROR event inside the stream, as after a compaction. */
  sendGone(kind: KindName): void {
    const object = { kind: 'Status', code: 410, message: 'too old' };
    this.send(kind, { type: 'ERROR', object });
  }

  sendText(kind: KindName, text: string): void {
    for (const watcher of this.watchersOf(kind)) watcher.res.write(text);
  }

  /** Cuts the connections of a kind's watches; `politely` ends the response as after a timeout. */
  breakWatches(kind: KindName, politely = false): void {
    for (const watcher of this.watchersOf(kind)) {
      this.watchers.delete(watcher);
      if (politely) watcher.res.end();
      else watcher.res.destroy();
    }
  }

  count(kind: KindName, what: 'list' | 'watch'): number {
    return this.seen.filter(
      one => one.path === pathOf(kind) && one.watch === (what === 'watch'),
    ).length;
  }

  private answer(req: http.IncomingMessage, res: http.ServerResponse): void {
    const url = new URL(req.url ?? '/', 'http://server');
    const watch = url.searchParams.get('watch') === 'true';
    const resourceVersion = url.searchParams.get('resourceVersion');
    this.seen.push({
      path: url.pathname,
      watch,
      ...(resourceVersion && { resourceVersion }),
      authorization: req.headers.authorization,
    });
    const kind = KIND_NAMES.find(name => pathOf(name) === url.pathname);
    const target = kind ?? 'version';
    if (this.hanging.has(target)) return;
    const status = this.absentGroups.has(url.pathname.split('/')[2])
      ? this.status.get(target) ?? 404
      : this.status.get(target);
    if (status) {
      res.writeHead(status, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ kind: 'Status', message: `status ${status}` }));
    } else if (!kind) {
      res.end(JSON.stringify({ gitVersion: 'v1.33.0' }));
    } else if (watch) {
      this.openWatch(kind, Number(resourceVersion), res);
    } else {
      this.list(kind, res, url.searchParams);
    }
  }

  private openWatch(
    kind: KindName,
    from: number,
    res: http.ServerResponse,
  ): void {
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.flushHeaders();
    const watcher = { kind, res };
    this.watchers.add(watcher);
    res.on('close', () => this.watchers.delete(watcher));
    if (from < this.compactedTo) this.sendGone(kind);
  }

  private list(
    kind: KindName,
    res: http.ServerResponse,
    query: URLSearchParams,
  ): void {
    const limit = Number(query.get('limit') ?? 500);
    const start = Number(query.get('continue') ?? 0);
    const all = [...this.objectsOf(kind).values()];
    const more = start + limit < all.length;
    res.end(
      JSON.stringify({
        kind: `${kind}List`,
        metadata: {
          resourceVersion: String(this.version),
          ...(more && { continue: String(start + limit) }),
        },
        // As the real one: items of a typed list carry neither kind nor apiVersion.
        items: all
          .slice(start, start + limit)
          .map(({ kind: _kind, apiVersion: _version, ...rest }) => rest),
      }),
    );
  }

  private send(kind: KindName, event: unknown): void {
    this.sendText(kind, `${JSON.stringify(event)}\n`);
  }

  private watchersOf(kind: KindName): Watcher[] {
    return [...this.watchers].filter(one => one.kind === kind);
  }

  private objectsOf(kind: KindName): Map<string, KubeObject> {
    if (!KINDS[kind]) throw new Error(`No kind '${kind}'`);
    const known = this.objects.get(kind) ?? new Map();
    this.objects.set(kind, known);
    return known;
  }

  private nextVersion(): string {
    this.version += 1;
    return String(this.version);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
