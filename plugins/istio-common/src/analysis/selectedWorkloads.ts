import type { KindName } from '../resources/kinds';
import {
  isEmptySelector,
  matchesLabels,
  type Labels,
} from '../resources/selector';
import { compareText } from '../resources/objectKey';
import { fieldsOf, labelsOf } from '../resources/fields';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot, WorkloadKey } from '../snapshot/types';

/** Kinds that tell which workloads a selector finds. */
export const WORKLOAD_KINDS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Pod',
] as const satisfies readonly KindName[];

/** The controllers among them: what a rule about workloads judges. */
export const CONTROLLER_KINDS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
] as const satisfies readonly KindName[];

/** Machines outside Kubernetes that a selector finds too. */
export const MACHINE_KINDS = [
  'WorkloadEntry',
  'WorkloadGroup',
] as const satisfies readonly KindName[];

/** What a policy selects by labels. */
export interface Selection {
  /** The policy's own; that of the root namespace means the whole mesh. */
  namespace: string;
  /** Undefined or empty: every workload. */
  selector?: Labels;
}

/** Workloads that the selection finds by the labels of their pods, in an order that is not the input's. */
export function listSelected(
  snapshot: MeshSnapshot,
  { namespace, selector }: Selection,
): WorkloadKey[] {
  const scope = namespace === snapshot.rootNamespace ? undefined : namespace;
  const found =
    !selector || isEmptySelector(selector)
      ? listAll(snapshot, scope)
      : findByPodLabels(snapshot, selector, scope);
  return found.length > 1 ? found.sort(compareWorkloads) : found;
}

function findByPodLabels(
  snapshot: MeshSnapshot,
  selector: Labels,
  scope: string | undefined,
): WorkloadKey[] {
  return scope === undefined
    ? snapshot
        .findWorkloads(selector)
        .filter(({ labelsOn }) => labelsOn === 'pods')
        .map(({ key }) => key)
    : [...snapshot.workloadsMatching(scope, selector)];
}

function compareWorkloads(a: WorkloadKey, b: WorkloadKey): number {
  return (
    compareText(a.namespace, b.namespace) ||
    compareText(a.name, b.name) ||
    compareText(a.kind, b.kind)
  );
}

/** Every workload of the namespace, or of the mesh. */
function listAll(
  snapshot: MeshSnapshot,
  scope: string | undefined,
): WorkloadKey[] {
  return [...CONTROLLER_KINDS, 'Pod' as const].flatMap(kind =>
    (scope === undefined
      ? snapshot.list(kind)
      : snapshot.inNamespace(kind, scope)
    ).flatMap(({ metadata }) => {
      const { namespace = '', name } = metadata;
      const key = { kind, namespace, name };
      // Pods that a controller runs are no workloads of their own.
      return kind !== 'Pod' || snapshot.workload(key) ? [key] : [];
    }),
  );
}

/** Whether the selection finds a machine outside Kubernetes. */
export function selectsMachine(
  snapshot: MeshSnapshot,
  { namespace, selector }: Selection,
): boolean {
  return MACHINE_KINDS.some(kind =>
    (namespace === snapshot.rootNamespace
      ? snapshot.list(kind)
      : snapshot.inNamespace(kind, namespace)
    ).some(object => matchesLabels(selector ?? {}, machineLabels(object))),
  );
}

/**
 * The labels a machine outside Kubernetes is selected by. Of a WorkloadEntry Istio puts those of the spec
 * and those of the metadata together, and the metadata's win.
 *
 * Source: istio/istio pilot/pkg/serviceregistry/serviceentry conversion.go ConvertWorkloadEntry (1.31).
 */
export function machineLabels({ spec, kind, metadata }: KubeObject): Labels {
  const fields = fieldsOf(spec);
  return kind === 'WorkloadGroup'
    ? labelsOf(fieldsOf(fields.metadata).labels)
    : { ...labelsOf(fields.labels), ...metadata.labels };
}

/** `reviews-v1, reviews-v2 and 3 more`; with the namespace where it is not the policy's own. */
export function describeWorkloads(
  workloads: readonly WorkloadKey[],
  namespace: string | undefined,
): string {
  const names = [
    ...new Set(
      workloads.map(key =>
        key.namespace === namespace ? key.name : `${key.namespace}/${key.name}`,
      ),
    ),
  ].sort();
  const more = names.length - 3;
  return more > 0
    ? `${names.slice(0, 3).join(', ')} and ${more} more`
    : names.join(', ');
}
