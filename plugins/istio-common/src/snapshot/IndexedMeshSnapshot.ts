import { KIND_NAMES, KindName } from '../resources/kinds';
import { refTo } from '../resources/objectKey';
import { Labels } from '../resources/selector';
import { KubeObject, ObjectRef } from '../resources/types';
import { readWorkload } from '../resources/workload';
import {
  PodOwnerIndex,
  ServiceIndex,
  Stores,
  WorkloadIndex,
  workloadId,
} from './derivedIndexes';
import { KindStore } from './KindStore';
import { LabelIndex } from './LabelIndex';
import { KindFreshness, MeshSnapshot, WorkloadKey } from './types';

/** A value computed on first use; handing on the holder shares the value. */
class Lazy<T> {
  #value: { value: T } | undefined;
  constructor(private readonly compute: () => T) {}
  get(): T {
    if (!this.#value) {
      this.#value = { value: this.compute() };
    }
    return this.#value.value;
  }
}

interface Derived {
  podLabels: Lazy<LabelIndex<KubeObject>>;
  owners: Lazy<PodOwnerIndex>;
  workloads: Lazy<WorkloadIndex>;
  services: Lazy<ServiceIndex>;
}

/** The kinds each derived index is computed from: it is shared as long as none of them changes. */
const INPUTS: Readonly<Record<keyof Derived, readonly KindName[]>> = {
  podLabels: ['Pod'],
  owners: ['Pod', 'ReplicaSet'],
  workloads: ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'ReplicaSet'],
  services: ['Service'],
};

/** What a snapshot is made of. */
export interface SnapshotState {
  cluster: string;
  asOf: number;
  rootNamespace: string;
  domain: string;
  meshConfig?: Readonly<Record<string, unknown>>;
  freshness: Readonly<Record<KindName, KindFreshness>>;
  stores: Stores;
}

/** The one implementation of `MeshSnapshot`. */
export class IndexedMeshSnapshot implements MeshSnapshot {
  readonly cluster: string;
  readonly asOf: number;
  readonly rootNamespace: string;
  readonly domain: string;
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  readonly freshness: Readonly<Record<KindName, KindFreshness>>;
  readonly #state: SnapshotState;
  readonly #derived: Derived;

  constructor(state: SnapshotState, derived?: Partial<Derived>) {
    this.#state = state;
    this.cluster = state.cluster;
    this.asOf = state.asOf;
    this.rootNamespace = state.rootNamespace;
    this.domain = state.domain;
    this.meshConfig = state.meshConfig;
    this.freshness = state.freshness;
    this.#derived = derive(state.stores, derived);
  }

  /** The same snapshot with some kinds exchanged; indexes that do not depend on them are shared. */
  replaceKinds(change: {
    objects: Partial<Record<KindName, readonly KubeObject[]>>;
    freshness?: Partial<Record<KindName, KindFreshness>>;
    asOf?: number;
  }): IndexedMeshSnapshot {
    const changed = KIND_NAMES.filter(kind => change.objects[kind]);
    const stores: Record<KindName, KindStore> = { ...this.#state.stores };
    for (const kind of changed) {
      stores[kind] = new KindStore(kind, change.objects[kind] ?? []);
    }
    const shared = Object.fromEntries(
      (Object.keys(INPUTS) as (keyof Derived)[])
        .filter(name => !INPUTS[name].some(kind => changed.includes(kind)))
        .map(name => [name, this.#derived[name]]),
    ) as Partial<Derived>;
    return new IndexedMeshSnapshot(
      {
        ...this.#state,
        stores,
        asOf: Math.max(this.asOf, change.asOf ?? this.asOf),
        freshness: { ...this.freshness, ...change.freshness },
      },
      shared,
    );
  }

  list(kind: KindName): readonly KubeObject[] {
    return this.#state.stores[kind].objects;
  }

  inNamespace(kind: KindName, namespace: string): readonly KubeObject[] {
    return this.#state.stores[kind].inNamespace(namespace);
  }

  get(
    kind: KindName,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined {
    return this.#state.stores[kind].get(namespace, name);
  }

  podsOf(workload: WorkloadKey): readonly KubeObject[] {
    if (workload.kind === 'Pod') {
      const pod = this.get('Pod', workload.namespace, workload.name);
      return pod ? [pod] : [];
    }
    return this.#derived.owners.get().podsOf(workload);
  }

  podsMatching(namespace: string, selector: Labels): readonly KubeObject[] {
    return this.#derived.podLabels.get().matching(selector, namespace);
  }

  workloadsMatching(
    namespace: string,
    selector: Labels,
  ): readonly WorkloadKey[] {
    return this.#derived.workloads
      .get()
      .byPodLabels.matching(selector, namespace)
      .map(workload => workload.key);
  }

  workload(key: WorkloadKey): KubeObject | undefined {
    return this.#derived.workloads.get().byId.get(workloadId(key))?.object;
  }

  findWorkloads(
    selector: Labels,
    namespace?: string,
  ): readonly { key: WorkloadKey; labelsOn: 'pods' | 'workload' }[] {
    const index = this.#derived.workloads.get();
    const byPods = index.byPodLabels.matching(selector, namespace);
    const found = new Set(byPods);
    return [
      ...byPods.map(({ key }) => ({ key, labelsOn: 'pods' as const })),
      ...index.byOwnLabels
        .matching(selector, namespace)
        .filter(workload => !found.has(workload))
        .map(({ key }) => ({ key, labelsOn: 'workload' as const })),
    ];
  }

  servicesOf(workload: WorkloadKey): readonly KubeObject[] {
    const object = this.workload(workload);
    return object
      ? this.#derived.services
          .get()
          .selecting(workload.namespace, readWorkload(object).labels)
      : [];
  }

  refOf(object: KubeObject): ObjectRef {
    return refTo(this.cluster, object);
  }
}

function derive(stores: Stores, shared: Partial<Derived> = {}): Derived {
  const owners =
    shared.owners ??
    new Lazy(() => new PodOwnerIndex(stores.Pod, stores.ReplicaSet));
  return {
    owners,
    podLabels:
      shared.podLabels ?? new Lazy(() => indexPodLabels(stores.Pod.objects)),
    workloads:
      shared.workloads ??
      new Lazy(() => new WorkloadIndex(stores, owners.get())),
    services:
      shared.services ?? new Lazy(() => new ServiceIndex(stores.Service)),
  };
}

function indexPodLabels(pods: readonly KubeObject[]): LabelIndex<KubeObject> {
  return new LabelIndex(
    pods.map(pod => ({
      namespace: pod.metadata.namespace ?? '',
      labels: pod.metadata.labels ?? {},
      item: pod,
    })),
  );
}
