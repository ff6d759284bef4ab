import {
  KindFreshness,
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { explainFailure, WatchFailure } from './explainFailure';
import { listObjects } from './listObjects';
import { pathOf } from './pathOf';
import { keepNeededFields } from './keepNeededFields';
import { namespacesTouched, Touched, touchedByAll } from './namespacesTouched';
import { KubeClient, KubeConnectionError, KubeStatusError } from './types';

export interface WatchTiming {
  /** First pause after an error; doubles up to `backoffMaxMs`, with jitter. */
  backoffBaseMs: number;
  backoffMaxMs: number;
  /** Pause before looking again for a kind that is not installed or not readable. */
  recheckMs: number;
  /** Silence of a watch that counts as death; API servers send bookmarks about every minute. */
  watchIdleMs: number;
  /** Seconds after which the server is asked to end a watch, so that connections move on. */
  watchSeconds: number;
}

export interface KindWatcherOptions {
  client: KubeClient;
  kind: KindName;
  rootNamespace: string;
  timing: WatchTiming;
  now: () => number;
  random: () => number;
  /** Objects or freshness changed. */
  onChange(touched: Touched): void;
  /** The API server answered or sent something. */
  onProofOfLife(): void;
  /** The API server did not answer, or with trouble of its own. */
  onNoAnswer(): void;
}

/**
 * Keeps a copy of all objects of one kind of one cluster: list, then watch from there, for ever. After any
 * error it goes on with backoff from where it was; `410 Gone` lists anew. The Kubernetes client's informer
 * ends after most errors, hence this.
 */
export class KindWatcher {
  private objects = new Map<string, KubeObject>();
  private changes = 0;
  private resourceVersion: string | undefined;
  private state: KindFreshness = { state: 'pending' };
  private readonly stopping = new AbortController();
  private wakeUp: (() => void) | undefined;

  constructor(private readonly options: KindWatcherOptions) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopping.abort();
    this.wakeUp?.();
  }

  /** Ends a pause early: the cluster is back. */
  retryNow(): void {
    this.wakeUp?.();
  }

  /** Grows with every change of the objects; the same number means the same list. */
  objectsVersion(): number {
    return this.changes;
  }

  list(): KubeObject[] {
    return [...this.objects.values()];
  }

  freshness(): KindFreshness {
    return this.state;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const startedAt = this.options.now();
      try {
        if (this.resourceVersion === undefined) await this.relist();
        await this.watch(this.resourceVersion ?? '');
        // A server that ends every watch at once must not be asked in a tight loop.
        failures =
          this.options.now() - startedAt < this.options.timing.backoffBaseMs
            ? failures + 1
            : 0;
        if (failures > 0) await this.pause(this.backoff(failures));
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (this.options.now() - startedAt > this.options.timing.backoffMaxMs) {
          failures = 0;
        }
        failures += 1;
        await this.recover(error, failures);
      }
    }
  }

  private async recover(error: unknown, failures: number): Promise<void> {
    const { kind, timing } = this.options;
    const failure = explainFailure(error, kind);
    if (failure.kind === 'gone') {
      this.resourceVersion = undefined;
      // Once is normal after a long break; a second time in a row deserves a pause.
      if (failures > 1) await this.pause(this.backoff(failures));
      return;
    }
    // A 502 may be a proxy's before a dead API server, or one kind's own trouble: the probe tells them apart.
    if (failure.kind === 'noAnswer' || failure.kind === 'serverError') {
      this.options.onNoAnswer();
    } else {
      this.options.onProofOfLife();
    }
    this.fail(failure, failures);
    await this.pause(
      failure.kind === 'notInstalled' || failure.kind === 'notAllowed'
        ? timing.recheckMs
        : this.backoff(failures),
    );
  }

  private fail(failure: WatchFailure, failures: number): void {
    const { asOf } = this.state;
    if (failure.kind === 'notInstalled' || failure.kind === 'notAllowed') {
      // What the portal may no longer read it must no longer show.
      const hadObjects = this.objects.size > 0;
      this.objects = new Map();
      this.changes += 1;
      this.resourceVersion = undefined;
      this.changeState(
        {
          state: failure.kind === 'notInstalled' ? 'notInstalled' : 'failed',
          asOf,
          error: failure.message,
        },
        hadObjects,
      );
      return;
    }
    // A broken watch that opens again at once is no news.
    const isNews = failures > 1 || !failure.wasOpen;
    if (asOf === undefined) {
      this.changeState({ state: 'failed', error: failure.message }, false);
    } else if (isNews) {
      this.changeState({ state: 'stale', asOf, error: failure.message }, false);
    }
  }

  private changeState(next: KindFreshness, force: boolean): void {
    const changed =
      next.state !== this.state.state || next.error !== this.state.error;
    this.state = next;
    if (changed || force) this.options.onChange(touchedByAll());
  }

  private async relist(): Promise<void> {
    const { client, kind, rootNamespace } = this.options;
    const { objects, resourceVersion } = await listObjects({
      client,
      kind,
      signal: this.stopping.signal,
    });
    const previous = this.objects;
    const touched: Touched = { all: false, namespaces: new Set() };
    for (const [key, object] of objects) {
      const before = previous.get(key);
      if (
        before?.metadata.resourceVersion !== object.metadata.resourceVersion
      ) {
        namespacesTouched({ kind, object, before, rootNamespace }, touched);
      }
    }
    for (const [key, before] of previous) {
      if (!objects.has(key)) {
        namespacesTouched({ kind, before, rootNamespace }, touched);
      }
    }
    this.objects = objects;
    this.changes += 1;
    this.resourceVersion = resourceVersion;
    this.alive(touched);
  }

  private async watch(resourceVersion: string): Promise<void> {
    const { client, kind, timing, random } = this.options;
    let wasOpen = false;
    try {
      await client.stream({
        path: pathOf(kind),
        query: {
          watch: 'true',
          resourceVersion,
          allowWatchBookmarks: 'true',
          // Spread, so that the watches of one cluster do not all end together.
          timeoutSeconds: String(
            Math.ceil(timing.watchSeconds * (1 + random())),
          ),
        },
        idleTimeoutMs: timing.watchIdleMs,
        signal: this.stopping.signal,
        onOpen: () => {
          wasOpen = true;
          this.alive({ all: false, namespaces: new Set() });
        },
        onLine: line => this.receive(line),
      });
    } catch (error) {
      if (error instanceof KubeConnectionError && wasOpen) {
        throw Object.assign(error, { wasOpen: true });
      }
      throw error;
    }
  }

  private receive(line: string): void {
    const event = parseEvent(line);
    if (event.type === 'ERROR') {
      const { code, message } = event.object as {
        code?: number;
        message?: string;
      };
      throw new KubeStatusError(code ?? 500, String(message ?? ''));
    }
    const touched: Touched = { all: false, namespaces: new Set() };
    if (event.type !== 'BOOKMARK') this.apply(event, touched);
    this.resourceVersion =
      event.object.metadata?.resourceVersion ?? this.resourceVersion;
    this.alive(touched);
  }

  private apply(event: WatchEvent, touched: Touched): void {
    const { kind, rootNamespace } = this.options;
    const key = keyOf(event.object);
    this.changes += 1;
    const before = this.objects.get(key);
    if (event.type === 'DELETED') {
      this.objects.delete(key);
      if (before) namespacesTouched({ kind, before, rootNamespace }, touched);
      return;
    }
    const object = keepNeededFields(kind, event.object);
    this.objects.set(key, object);
    namespacesTouched({ kind, object, before, rootNamespace }, touched);
  }

  private alive(touched: Touched): void {
    const wasSynced = this.state.state === 'synced';
    this.state = { state: 'synced', asOf: this.options.now() };
    this.options.onProofOfLife();
    if (!wasSynced) this.options.onChange(touchedByAll());
    else if (touched.all || touched.namespaces.size > 0) {
      this.options.onChange(touched);
    }
  }

  private backoff(failures: number): number {
    const { backoffBaseMs, backoffMaxMs } = this.options.timing;
    const ceiling = Math.min(
      backoffMaxMs,
      backoffBaseMs * 2 ** Math.min(failures - 1, 16),
    );
    return ceiling * (0.5 + 0.5 * this.options.random());
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(() => this.wakeUp?.(), milliseconds);
      timer.unref?.();
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      if (this.stopping.signal.aborted) this.wakeUp();
    });
  }
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject;
}

function parseEvent(line: string): WatchEvent {
  const event: unknown = JSON.parse(line);
  if (
    !event ||
    typeof event !== 'object' ||
    !('type' in event) ||
    !('object' in event) ||
    !event.object
  ) {
    throw new KubeStatusError(502, 'a watch event has no type or no object');
  }
  return event as WatchEvent;
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
