import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import {
  createKubernetesCluster,
  type AdmissionCheck,
  type ClusterState,
  type KubernetesCluster,
  type ObjectChange,
} from '../kubernetes';
import { JaegerApi } from '../jaeger/JaegerApi';
import { PrometheusApi } from '../prometheus/PrometheusApi';
import type { ClusterWorld } from '../scenario/expandScenario';
import { timestamp, type WorldTimes } from '../scenario/timeline';
import { createIstiod } from '../istiod/createIstiod';
import { TrafficSource } from '../traffic/series/TrafficSource';
import { TrafficModel } from '../traffic/TrafficModel';
import type { WorldChange } from '../traffic/types';
import { movesTraffic } from '../traffic/world/WorldView';
import type { FaultRequest, WorldRequestChange } from './schema';
import { requireKnownPeers } from './requireKnownPeers';
import { ProxyStates } from './ProxyStates';
import { setReadiness } from './setReadiness';

/** One cluster of a running sandbox: its API server, its traffic, and what can be changed about both. */
export class SandboxCluster {
  readonly kubernetes: KubernetesCluster;
  readonly prometheus: PrometheusApi;
  readonly jaeger: JaegerApi;
  readonly model: TrafficModel;
  private readonly unsubscribe: () => void;
  /** Entries of the store's history that are the start itself. */
  private readonly seeds: number;
  private delay = 0;
  private readonly proxies = new ProxyStates();

  constructor(
    private readonly world: ClusterWorld,
    private readonly options: {
      clock: () => number;
      times: WorldTimes;
      admission?: AdmissionCheck;
      validateSeeds?: boolean;
    },
  ) {
    const { clock, times } = options;
    this.kubernetes = createKubernetesCluster({
      name: world.cluster,
      clock,
      users: world.tokens,
      objects: world.objects,
      admission: options.admission,
      podListener: createIstiod({
        cluster: world.cluster,
        version: world.plan.istioVersion,
        clock,
        pods: () => this.kubernetes.store.list('pods'),
        stateOf: pod => this.proxies.stateOf(pod),
      }),
      validateSeeds: options.validateSeeds,
    });
    this.seeds = this.kubernetes.store.history().length;
    this.model = new TrafficModel(world.plan, times.epoch);
    world.history.forEach(event => this.model.append(event));
    const source = new TrafficSource(this.model, clock);
    this.prometheus = new PrometheusApi(
      source,
      clock,
      world.plan.scrapeIntervalMs,
    );
    this.jaeger = new JaegerApi(this.model, clock);
    this.unsubscribe = this.kubernetes.store.subscribe(change =>
      this.note(change),
    );
  }

  get name(): string {
    return this.world.cluster;
  }

  /** Milliseconds every answer of Prometheus and Jaeger waits. */
  get delayMs(): number {
    return this.kubernetes.faults.state() === 'slow' ? this.delay : 0;
  }

  get state(): ClusterState {
    return this.kubernetes.faults.state();
  }

  setState(state: ClusterState, delayMs = 3000): void {
    this.delay = delayMs;
    this.kubernetes.faults.setState(state, { delayMs });
  }

  addFault(fault: FaultRequest): void {
    this.kubernetes.faults.add(fault);
  }

  /**
   * Changes the world from now on.
   *
   * @throws Error naming the field that does not fit; changes before it in the list stay
   */
  change(changes: WorldRequestChange[]): void {
    const at = this.options.clock();
    for (const change of changes) {
      if (change.type === 'readiness') {
        setReadiness(this.kubernetes.store, { ...change, at: timestamp(at) });
        continue;
      }
      if (change.type === 'proxies') {
        this.proxies.set(this.kubernetes.store, change);
        continue;
      }
      if (change.type === 'failure') {
        requireKnownPeers(this.kubernetes.store, change);
      }
      if (
        change.type === 'rate' &&
        !this.world.plan.senders.some(({ id }) => id === change.sender)
      ) {
        throw new Error(
          `sender: no sender \`${
            change.sender
          }\`; known: ${this.world.plan.senders
            .map(({ id }) => id)
            .join(', ')}`,
        );
      }
      this.model.append({ at, world: [asWorldChange(change)] });
    }
  }

  /** As etcd's compaction: watches and lists of versions before now get 410. */
  compact(): void {
    this.kubernetes.compact();
  }

  /** Back to the world of the start: objects, rates, failures, faults, state. The past stays as it was. */
  reset(): void {
    const { store, faults } = this.kubernetes;
    faults.clear();
    this.proxies.clear();
    this.setState('up');
    const initial = new Map(
      this.world.objects.map(object => [identity(object), object]),
    );
    const touched = new Map(
      store
        .history()
        .slice(this.seeds)
        .map(change => [identity(change.object), change]),
    );
    for (const [key, { resource, object, type }] of touched) {
      const original = initial.get(key) ?? this.firstOf(key);
      if (original) store.apply(original);
      else if (type !== 'DELETED') store.remove(resource, object.metadata);
    }
    this.model.append({ at: this.options.clock(), world: [{ type: 'reset' }] });
  }

  /** What `GET /sandbox/state` answers. */
  describe(): unknown {
    const { times, clock } = this.options;
    return {
      cluster: this.name,
      state: this.state,
      delayMs: this.delayMs,
      now: new Date(clock()).toISOString(),
      startedAt: new Date(times.startedAt).toISOString(),
      epoch: new Date(times.epoch).toISOString(),
      faults: this.kubernetes.faults.list(),
      senders: this.model.senderRates(),
      failures: this.model.failureRules(),
    };
  }

  close(): void {
    this.unsubscribe();
    this.kubernetes.close();
  }

  /** An object the API server brought along itself. */
  private firstOf(key: string): KubeObject | undefined {
    return this.kubernetes.store
      .history()
      .slice(0, this.seeds)
      .find(({ object }) => identity(object) === key)?.object;
  }

  private note(change: ObjectChange): void {
    if (!movesTraffic(change.object)) return;
    const objects = [change.object];
    this.model.append(
      change.type === 'DELETED'
        ? { at: change.at, removed: objects }
        : { at: change.at, applied: objects },
    );
  }
}

function asWorldChange(
  change: Exclude<WorldRequestChange, { type: 'readiness' | 'proxies' }>,
): WorldChange {
  if (change.type !== 'failure') return change;
  const { type: _, ...rule } = change;
  return { type: 'failure', rule };
}

function identity(object: KubeObject): string {
  const [group] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : [''];
  const { namespace = '', name } = object.metadata;
  return `${group}|${object.kind}|${namespace}|${name}`;
}
