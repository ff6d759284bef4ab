import {
  buildSnapshot,
  KIND_NAMES,
  KindFreshness,
  KindName,
  KubeObject,
  MeshSnapshot,
  withFreshness,
  withKind,
} from '@istio-backstage/plugin-istio-common';
import type {
  ClusterState,
  MeshChange,
} from '@istio-backstage/plugin-istio-node';
import { ApiServerProbe } from './ApiServerProbe';
import { KindWatcher, WatchTiming } from './KindWatcher';
import { Touched, touchedByAll } from './namespacesTouched';
import { readIstioVersion } from './readIstioVersion';
import type { KubeClient } from './types';

export interface ClusterTiming extends WatchTiming {
  /** Changes are collected for this long before a new snapshot is made. */
  coalesceMs: number;
  /** How long the first snapshot waits for kinds that have not answered yet. */
  firstSnapshotMs: number;
  /** Silence after which the API server is asked whether it is there. */
  probeMs: number;
  probeTimeoutMs: number;
}

export const DEFAULT_TIMING: ClusterTiming = {
  backoffBaseMs: 500,
  backoffMaxMs: 30_000,
  recheckMs: 60_000,
  watchIdleMs: 180_000,
  watchSeconds: 240,
  coalesceMs: 100,
  firstSnapshotMs: 5_000,
  probeMs: 15_000,
  probeTimeoutMs: 5_000,
};

export interface ClusterWatchOptions {
  client: KubeClient;
  rootNamespace: string;
  domain: string;
  timing: ClusterTiming;
  now: () => number;
  random: () => number;
  onChange(change: MeshChange): void;
}

/** The watches of one cluster, its snapshot and whether it answers. Knows nothing of other clusters. */
export class ClusterWatch {
  private readonly watchers = new Map<KindName, KindWatcher>();
  private readonly probe: ApiServerProbe;
  private current: MeshSnapshot | undefined;
  private readonly listed = new Map<KindName, number>();
  private readonly dirty = new Set<KindName>();
  private touched: Touched = { all: false, namespaces: new Set() };
  private flushTimer: NodeJS.Timeout | undefined;
  private graceTimer: NodeJS.Timeout | undefined;
  private firstAnswerAt: number | undefined;
  private stopped = false;
  private version: { from: readonly KubeObject[]; text?: string } | undefined;

  constructor(private readonly options: ClusterWatchOptions) {
    const { client, timing, now } = options;
    this.probe = new ApiServerProbe({
      client,
      timing,
      now,
      onStateChange: isUp => this.onReachability(isUp),
    });
    for (const kind of KIND_NAMES) {
      this.watchers.set(kind, this.createWatcher(kind));
    }
  }

  get name(): string {
    return this.options.client.cluster;
  }

  start(): void {
    this.probe.start();
    for (const watcher of this.watchers.values()) watcher.start();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.flushTimer);
    clearTimeout(this.graceTimer);
    this.probe.stop();
    for (const watcher of this.watchers.values()) watcher.stop();
    this.options.client.close();
  }

  snapshot(): MeshSnapshot | undefined {
    return this.current;
  }

  state(): ClusterState {
    const { lastProofAt, failure } = this.probe.evidence();
    const istioVersion = this.istioVersion();
    const shared = {
      name: this.name,
      ...(lastProofAt !== undefined && { asOf: lastProofAt }),
      ...(istioVersion && { istioVersion }),
    };
    if (failure) {
      return {
        ...shared,
        state: this.current ? 'stale' : 'unreachable',
        message: failure.message,
      };
    }
    if (this.current) return { ...shared, state: 'fresh' };
    const refusal = this.explainNothing();
    return refusal
      ? { name: this.name, state: 'unreachable', message: refusal }
      : { ...shared, state: 'starting' };
  }

  /** Why no snapshot comes of a server that answers: none of its kinds can be read. Undefined while one still may. */
  private explainNothing(): string | undefined {
    const kinds = this.kindFreshness();
    const failed = kinds.filter(({ state }) => state === 'failed');
    const waits = kinds.some(
      ({ state }) => state !== 'failed' && state !== 'notInstalled',
    );
    if (waits || failed.length === 0) return undefined;
    const others = failed.length - 1;
    const rest = others === 1 ? '1 other kind' : `${others} other kinds`;
    return `Nothing can be read. ${failed[0].error}${
      others > 0 ? `, and so for ${rest}` : ''
    }`;
  }

  private kindFreshness(): KindFreshness[] {
    return [...this.watchers.values()].map(watcher => watcher.freshness());
  }

  private createWatcher(kind: KindName): KindWatcher {
    const { client, rootNamespace, timing, now, random } = this.options;
    return new KindWatcher({
      client,
      kind,
      rootNamespace,
      timing,
      now,
      random,
      onChange: touched => this.onKindChange(kind, touched),
      onProofOfLife: () => this.probe.proveAlive(),
      onNoAnswer: () => this.probe.suspect(),
    });
  }

  private onKindChange(kind: KindName, touched: Touched): void {
    this.dirty.add(kind);
    this.touched.all ||= touched.all;
    for (const namespace of touched.namespaces) {
      this.touched.namespaces.add(namespace);
    }
    this.scheduleFlush(this.options.timing.coalesceMs);
  }

  private onReachability(isUp: boolean): void {
    if (isUp) {
      for (const watcher of this.watchers.values()) watcher.retryNow();
    }
    // The page shows the cluster's state even where no object changed.
    this.touched = touchedByAll();
    this.scheduleFlush(this.options.timing.coalesceMs);
  }

  private scheduleFlush(delayMs: number): void {
    if (this.flushTimer || this.stopped) return;
    this.flushTimer = setTimeout(() => {
      this.flushTimer = undefined;
      this.flush();
    }, delayMs);
  }

  private flush(): void {
    if (!this.current && !this.isReadyForFirst()) {
      this.announce();
      return;
    }
    if (this.current) {
      this.current = this.withDirtyKinds(this.current);
    } else {
      this.current = this.buildFirst();
      this.touched = touchedByAll();
    }
    this.dirty.clear();
    this.announce();
  }

  private announce(): void {
    const { all, namespaces } = this.touched;
    this.touched = { all: false, namespaces: new Set() };
    if (!all && namespaces.size === 0) return;
    this.options.onChange({
      cluster: this.name,
      namespaces: all ? [] : [...namespaces].sort(),
    });
  }

  /** Half a cluster would make components look broken: wait for every kind, but not for ever. */
  private isReadyForFirst(): boolean {
    const { now, timing } = this.options;
    const states = this.kindFreshness().map(({ state }) => state);
    if (!states.includes('synced')) return false;
    this.firstAnswerAt ??= now();
    if (!states.includes('pending')) return true;
    const waited = now() - this.firstAnswerAt;
    if (waited >= timing.firstSnapshotMs) return true;
    // Its own timer: a kind that answers in between must not wait for the end of the grace.
    this.graceTimer ??= setTimeout(
      () => this.scheduleFlush(0),
      timing.firstSnapshotMs - waited,
    );
    return false;
  }

  private buildFirst(): MeshSnapshot {
    const { client, rootNamespace, domain, now } = this.options;
    const objects: Partial<Record<KindName, KubeObject[]>> = {};
    for (const [kind, watcher] of this.watchers) {
      if (['synced', 'stale'].includes(watcher.freshness().state)) {
        objects[kind] = watcher.list();
        this.isListed(kind, watcher);
      }
    }
    return buildSnapshot({
      cluster: client.cluster,
      rootNamespace,
      domain,
      asOf: now(),
      objects,
      freshness: Object.fromEntries(
        [...this.watchers].map(([kind, watcher]) => [
          kind,
          watcher.freshness(),
        ]),
      ),
    });
  }

  private withDirtyKinds(snapshot: MeshSnapshot): MeshSnapshot {
    let next = snapshot;
    for (const kind of this.dirty) {
      const watcher = this.watchers.get(kind)!;
      const freshness = watcher.freshness();
      const asOf = this.options.now();
      next = this.isListed(kind, watcher)
        ? withFreshness(next, { kind, freshness, asOf })
        : withKind(next, { kind, objects: watcher.list(), freshness, asOf });
    }
    return next;
  }

  /** Whether the snapshot holds the watcher's objects already; notes that it does from now on. */
  private isListed(kind: KindName, watcher: KindWatcher): boolean {
    const version = watcher.objectsVersion();
    const known = this.listed.get(kind) === version;
    this.listed.set(kind, version);
    return known;
  }

  private istioVersion(): string | undefined {
    if (!this.current) return undefined;
    const deployments = this.current.list('Deployment');
    if (this.version?.from !== deployments) {
      this.version = {
        from: deployments,
        text: readIstioVersion(this.current),
      };
    }
    return this.version.text;
  }
}
