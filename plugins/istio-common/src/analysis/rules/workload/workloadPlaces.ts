import { fieldsListOf, fieldsOf, type Fields } from '../../../resources/fields';
import { PROXY_CONTAINER } from '../../../resources/pod';
import type { KubeObject } from '../../../resources/types';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { wantsSidecar } from '../../selection/wantsSidecar';

const MADE_BY = ['ReplicaSet', 'StatefulSet', 'DaemonSet'];

/** Where the pods of a subject are described; undefined for a pod whose controller is told instead. */
export interface PodPlace {
  /** Spec of the pods. */
  spec: Fields;
  /** `spec.template.spec` */
  path: string;
}

/** Of a controller its template, of a pod that no controller runs the pod itself. */
export function readPodPlace(subject: KubeObject): PodPlace | undefined {
  const spec = fieldsOf(subject.spec);
  if (subject.kind !== 'Pod') {
    return {
      spec: fieldsOf(fieldsOf(spec.template).spec),
      path: 'spec.template.spec',
    };
  }
  const isMade = subject.metadata.ownerReferences?.some(
    owner => owner.controller && MADE_BY.includes(owner.kind),
  );
  return isMade ? undefined : { spec, path: 'spec' };
}

/** The key of a Deployment, StatefulSet or DaemonSet, or of a pod of its own. */
export function keyOfWorkload(subject: KubeObject): WorkloadKey {
  const { name, namespace = '' } = subject.metadata;
  return { kind: subject.kind as WorkloadKey['kind'], namespace, name };
}

/** Whether its pods get a sidecar, or hold one already. */
export function hasSidecar(
  snapshot: MeshSnapshot,
  subject: KubeObject,
): boolean {
  const place = readPodPlace(subject);
  const { labels, annotations } = readWorkload(subject);
  return (
    fieldsListOf(place?.spec.containers).some(
      ({ name }) => name === PROXY_CONTAINER,
    ) ||
    wantsSidecar(snapshot, {
      namespace: subject.metadata.namespace ?? '',
      labels,
      annotations,
      hostNetwork: place?.spec.hostNetwork,
    }).wanted
  );
}
