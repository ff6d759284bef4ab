import { KIND_NAMES, KindName } from '../resources/kinds';
import { refTo } from '../resources/objectKey';
import { Labels } from '../resources/selector';
import { KubeObject, ObjectRef } from '../resources/types';
import { readWorkload } from '../resources/workload';
import {
  indexPodLabels,
  PodOwnerIndex,
  ServiceIndex,
  WorkloadIndex,
} from './derivedIndexes';
import { KindStore } from './KindStore';
import { LabelIndex } from './LabelIndex';
import { NamespacedIndex, Stores } from './NamespacedIndex';
import { KindFreshness, MeshSnapshot, WorkloadKey } from './types';

interface Derived {
  podLabels: NamespacedIndex<LabelIndex<KubeObject>>;
  owners: NamespacedIndex<PodOwnerIndex>;
  workloads: NamespacedIndex<WorkloadIndex>;
  services: NamespacedIndex<ServiceIndex>;
}

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

  constructor(state: SnapshotState, derived = derive(state.stores)) {
    this.#state = state;
    this.cluster = state.cluster;
    this.asOf = state.asOf;
    this.rootNamespace = state.rootNamespace;
    this.domain = state.domain;
    this.meshConfig = state.meshConfig;
    this.freshness = state.freshness;
    this.#derived = derived;
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
      stores[kind] = new KindStore(
        kind,
        change.objects[kind] ?? [],
        this.#state.stores[kind],
      );
    }
    const { podLabels, owners, workloads, services } = this.#derived;
    return new IndexedMeshSnapshot(
      {
        ...this.#state,
        stores,
        asOf: Math.max(this.asOf, change.asOf ?? this.asOf),
        freshness: { ...this.freshness, ...change.freshness },
      },
      {
        podLabels: podLabels.over(stores),
        owners: owners.over(stores),
        workloads: workloads.over(stores),
        services: services.over(stores),
      },
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
    return this.#derived.owners.get(workload.namespace).podsOf(workload);
  }

  podsMatching(namespace: string, selector: Labels): readonly KubeObject[] {
    return this.#derived.podLabels.get(namespace).matching(selector);
  }

  workloadsMatching(
    namespace: string,
    selector: Labels,
  ): readonly WorkloadKey[] {
    return this.#derived.workloads
      .get(namespace)
      .byPodLabels.matching(selector)
      .map(workload => workload.key);
  }

  workload(key: WorkloadKey): KubeObject | undefined {
    return this.#derived.workloads.get(key.namespace).get(key)?.object;
  }

  findWorkloads(
    selector: Labels,
    namespace?: string,
  ): readonly { key: WorkloadKey; labelsOn: 'pods' | 'workload' }[] {
    const indexes =
      namespace === undefined
        ? this.#derived.workloads.all()
        : [this.#derived.workloads.get(namespace)];
    const byPods = indexes.flatMap(index =>
      index.byPodLabels.matching(selector),
    );
    const found = new Set(byPods);
    return [
      ...byPods.map(({ key }) => ({ key, labelsOn: 'pods' as const })),
      ...indexes
        .flatMap(index => index.byOwnLabels.matching(selector))
        .filter(workload => !found.has(workload))
        .map(({ key }) => ({ key, labelsOn: 'workload' as const })),
    ];
  }

  servicesOf(workload: WorkloadKey): readonly KubeObject[] {
    const object = this.workload(workload);
    return object
      ? this.#derived.services
          .get(workload.namespace)
          .selecting(readWorkload(object).labels)
      : [];
  }

  refOf(object: KubeObject): ObjectRef {
    return refTo(this.cluster, object);
  }
}

function derive(stores: Stores): Derived {
  return {
    podLabels: NamespacedIndex.create(
      { inputs: ['Pod'], build: indexPodLabels },
      stores,
    ),
    owners: NamespacedIndex.create(
      {
        inputs: ['Pod', 'ReplicaSet'],
        build: list => new PodOwnerIndex(list),
      },
      stores,
    ),
    workloads: NamespacedIndex.create(
      {
        inputs: ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'ReplicaSet'],
        build: list => new WorkloadIndex(list),
      },
      stores,
    ),
    services: NamespacedIndex.create(
      { inputs: ['Service'], build: list => new ServiceIndex(list) },
      stores,
    ),
  };
}
