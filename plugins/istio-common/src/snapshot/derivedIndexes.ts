import { KindName } from '../resources/kinds';
import { readService } from '../resources/service';
import { Labels, matchesLabels } from '../resources/selector';
import { KubeObject } from '../resources/types';
import { readWorkload } from '../resources/workload';
import { ByWorkload } from './ByWorkload';
import { LabelIndex } from './LabelIndex';
import { WorkloadKey } from './types';

const CONTROLLERS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

function isController(kind: string): kind is (typeof CONTROLLERS)[number] {
  return (CONTROLLERS as readonly string[]).includes(kind);
}

/** The objects of one namespace. */
type InNamespace = (kind: KindName) => readonly KubeObject[];

/** The pods of each workload of a namespace. */
export class PodOwnerIndex {
  readonly #pods = new ByWorkload<KubeObject[]>();

  constructor(objects: InNamespace) {
    const replicaSets = replicaSetsByName(objects);
    for (const pod of objects('Pod')) {
      const key = ownerOf(pod, replicaSets);
      const list = key && this.#pods.get(key);
      if (list) {
        list.push(pod);
      } else if (key) {
        this.#pods.set(key, [pod]);
      }
    }
  }

  podsOf(key: WorkloadKey): readonly KubeObject[] {
    return this.#pods.get(key) ?? [];
  }
}

function replicaSetsByName(objects: InNamespace): Map<string, KubeObject> {
  return new Map(
    objects('ReplicaSet').map(object => [object.metadata.name, object]),
  );
}

/** Pods that none of the three controllers runs: each one is a workload of its own. */
function listBarePods(objects: InNamespace): KubeObject[] {
  const replicaSets = replicaSetsByName(objects);
  return objects('Pod').filter(pod => !ownerOf(pod, replicaSets));
}

function ownerOf(
  pod: KubeObject,
  replicaSets: ReadonlyMap<string, KubeObject>,
): WorkloadKey | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const owner = pod.metadata.ownerReferences?.find(ref => ref.controller);
  if (!owner) {
    return undefined;
  }
  if (isController(owner.kind)) {
    return { kind: owner.kind, namespace, name: owner.name };
  }
  if (owner.kind !== 'ReplicaSet') {
    return undefined;
  }
  const replicaSet = replicaSets.get(owner.name);
  if (replicaSet) {
    const deployment = replicaSet.metadata.ownerReferences?.find(
      ref => ref.controller && ref.kind === 'Deployment',
    );
    return (
      deployment && { kind: 'Deployment', namespace, name: deployment.name }
    );
  }
  // The ReplicaSet is unknown (not readable, or not here yet): its name is the Deployment's plus the hash.
  const hash = pod.metadata.labels?.['pod-template-hash'];
  return hash && owner.name.endsWith(`-${hash}`)
    ? {
        kind: 'Deployment',
        namespace,
        name: owner.name.slice(0, -hash.length - 1),
      }
    : undefined;
}

/** A workload and its object. */
export interface IndexedWorkload {
  key: WorkloadKey;
  object: KubeObject;
}

/** The workloads of a namespace by the labels of their pods, and by their own. */
export class WorkloadIndex {
  readonly #all: readonly IndexedWorkload[];
  readonly #byKey = new ByWorkload<IndexedWorkload>();
  readonly byPodLabels: LabelIndex<IndexedWorkload>;
  #byOwnLabels: LabelIndex<IndexedWorkload> | undefined;

  constructor(objects: InNamespace) {
    const all: IndexedWorkload[] = [];
    for (const kind of CONTROLLERS) {
      for (const object of objects(kind)) {
        all.push(indexed(kind, object));
      }
    }
    for (const pod of listBarePods(objects)) {
      all.push(indexed('Pod', pod));
    }
    for (const workload of all) {
      this.#byKey.set(workload.key, workload);
    }
    this.byPodLabels = new LabelIndex(
      all.map(item => ({ labels: readWorkload(item.object).labels, item })),
    );
    this.#all = all;
  }

  /** Made when it is first asked for: hardly anybody goes by the labels of a controller. */
  get byOwnLabels(): LabelIndex<IndexedWorkload> {
    this.#byOwnLabels ??= new LabelIndex(
      this.#all.map(item => ({
        labels: item.object.metadata.labels ?? {},
        item,
      })),
    );
    return this.#byOwnLabels;
  }

  get(key: WorkloadKey): IndexedWorkload | undefined {
    return this.#byKey.get(key);
  }
}

function indexed(
  kind: WorkloadKey['kind'],
  object: KubeObject,
): IndexedWorkload {
  const { namespace = '', name } = object.metadata;
  return { key: { kind, namespace, name }, object };
}

/** The pods of a namespace by their labels. */
export function indexPodLabels(objects: InNamespace): LabelIndex<KubeObject> {
  return new LabelIndex(
    objects('Pod').map(pod => ({
      labels: pod.metadata.labels ?? {},
      item: pod,
    })),
  );
}

/** The Services of a namespace by what they select. */
export class ServiceIndex {
  /** Each Service under one term of its selector only: enough to find the candidates. */
  readonly #byFirstTerm = new Map<string, KubeObject[]>();
  /** Of labels that were asked for before: those of a workload are the same object each time. */
  readonly #selecting = new WeakMap<Labels, readonly KubeObject[]>();

  constructor(objects: InNamespace) {
    for (const service of objects('Service')) {
      const { selector } = readService(service);
      const [key] = Object.keys(selector);
      if (key === undefined) {
        continue;
      }
      const term = `${key}=${selector[key]}`;
      const list = this.#byFirstTerm.get(term);
      if (list) {
        list.push(service);
      } else {
        this.#byFirstTerm.set(term, [service]);
      }
    }
  }

  selecting(labels: Labels): readonly KubeObject[] {
    const known = this.#selecting.get(labels);
    if (known) {
      return known;
    }
    const found = Object.keys(labels)
      .flatMap(key => this.#byFirstTerm.get(`${key}=${labels[key]}`) ?? [])
      .filter(service => matchesLabels(readService(service).selector, labels));
    this.#selecting.set(labels, found);
    return found;
  }
}
