import { KubeObject, ObjectRef } from '../resources/types';
import type { KindName } from '../resources/kinds';

/** How current the copy of one kind of one cluster is. */
export interface KindFreshness {
  state: 'synced' | 'stale' | 'failed' | 'notInstalled' | 'pending';
  /** Epoch milliseconds when the watch last proved it is alive (event, bookmark or list). */
  asOf?: number;
  /** Why it is not synced, in words without secrets. */
  error?: string;
}

/**
 * All objects of one cluster that the product reads, at one moment; immutable and indexed.
 * A missing kind (`notInstalled`, `failed`, `pending`) is not an empty kind: resolutions that need it say unknown.
 */
export interface MeshSnapshot {
  readonly cluster: string;
  /** Epoch milliseconds of the newest event or list that went in. */
  readonly asOf: number;
  readonly rootNamespace: string;
  /** DNS suffix of the cluster, `cluster.local` by default. */
  readonly domain: string;
  /** Istio's meshConfig as written; undefined when it could not be read, and Istio's defaults are assumed. */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  readonly freshness: Readonly<Record<KindName, KindFreshness>>;
  /** All objects of a kind, in no particular order. */
  list(kind: KindName): readonly KubeObject[];
  inNamespace(kind: KindName, namespace: string): readonly KubeObject[];
  get(
    kind: KindName,
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined;
  /** Pods of a workload (`Deployment`, `StatefulSet`, `DaemonSet`), resolved through owner references. */
  podsOf(workload: WorkloadKey): readonly KubeObject[];
  /** Pods in the namespace whose labels contain the selector; an empty selector selects nothing. */
  podsMatching(
    namespace: string,
    selector: Readonly<Record<string, string>>,
  ): readonly KubeObject[];
  /** Workloads in the namespace whose pod template labels contain the selector. */
  workloadsMatching(
    namespace: string,
    selector: Readonly<Record<string, string>>,
  ): readonly WorkloadKey[];
  /** The object behind a key. */
  workload(key: WorkloadKey): KubeObject | undefined;
  /**
   * Workloads of the namespace (without one, of all) that carry the selector on their pod template, or
   * else on themselves; an empty selector finds nothing.
   */
  findWorkloads(
    selector: Readonly<Record<string, string>>,
    namespace?: string,
  ): readonly { key: WorkloadKey; labelsOn: 'pods' | 'workload' }[];
  /** Services whose selector is a non-empty subset of the workload's pod template labels. */
  servicesOf(workload: WorkloadKey): readonly KubeObject[];
  refOf(object: KubeObject): ObjectRef;
}

/** Names a workload within one cluster. A `Pod` is one that no Deployment, StatefulSet or DaemonSet runs. */
export interface WorkloadKey {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Pod';
  namespace: string;
  name: string;
}
