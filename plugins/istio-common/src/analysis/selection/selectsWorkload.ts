import { matchesLabels, type Labels } from '../../resources/selector';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  MACHINE_KINDS,
  machineLabels,
  WORKLOAD_KINDS,
} from '../selectedWorkloads';

/** What a rule reads that asks whether a selector finds anything. */
export const SELECTABLE_KINDS = [...WORKLOAD_KINDS, ...MACHINE_KINDS] as const;

/**
 * Whether the labels fit something that runs, or would run, a proxy: a pod, the template of a workload
 * without pods, or a machine outside the cluster. Without namespace: anywhere in the mesh.
 */
export function selectsWorkload(
  snapshot: MeshSnapshot,
  labels: Labels,
  namespace?: string,
): boolean {
  const found =
    namespace === undefined
      ? findsAnywhere(snapshot, labels)
      : snapshot.podsMatching(namespace, labels).length > 0 ||
        snapshot.workloadsMatching(namespace, labels).length > 0;
  return (
    found ||
    MACHINE_KINDS.some(kind =>
      (namespace === undefined
        ? snapshot.list(kind)
        : snapshot.inNamespace(kind, namespace)
      ).some(machine => matchesLabels(labels, machineLabels(machine))),
    )
  );
}

/** Pods are indexed by namespace: all of them are looked at only where no workload fits. */
function findsAnywhere(snapshot: MeshSnapshot, labels: Labels): boolean {
  return (
    snapshot
      .findWorkloads(labels)
      .some(({ labelsOn }) => labelsOn === 'pods') ||
    snapshot
      .list('Pod')
      .some(({ metadata }) => matchesLabels(labels, metadata.labels))
  );
}
