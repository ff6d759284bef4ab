import { readPod } from '../resources/pod';
import { MeshSnapshot, WorkloadKey } from '../snapshot/types';

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const;

/** Workloads of the cluster or of one namespace; pods that a controller runs, or that have ended, are none. */
export function listWorkloads(
  snapshot: MeshSnapshot,
  namespace?: string,
): WorkloadKey[] {
  return KINDS.flatMap(kind =>
    (namespace === undefined
      ? snapshot.list(kind)
      : snapshot.inNamespace(kind, namespace)
    ).flatMap(object => {
      const { metadata } = object;
      const key = {
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      };
      const ended = kind === 'Pod' && readPod(object).gone;
      return !ended && snapshot.workload(key) ? [key] : [];
    }),
  );
}

/** The workloads of that name; telemetry names one without its kind. */
export function findNamedWorkloads(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): WorkloadKey[] {
  return KINDS.map(kind => ({ kind, namespace, name })).filter(
    key => snapshot.workload(key) !== undefined,
  );
}
