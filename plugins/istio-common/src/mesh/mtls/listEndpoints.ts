import { fieldsOf, textOf } from '../../resources/fields';
import { PodProxy, readPod } from '../../resources/pod';
import { Labels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { resolveProxy } from './resolveInboundProxy';
import { TLS_MODE } from './resolveClientTls';

/** A pod as the far end of a connection. */
export interface PodEndpoint {
  name: string;
  namespace: string;
  labels: Labels;
  address?: string;
  proxy: PodProxy;
}

/** The live pods of a workload; one that stands for them where none runs. */
export function listEndpoints(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): PodEndpoint[] {
  const pods = snapshot.podsOf(workload).filter(pod => !readPod(pod).gone);
  if (pods.length > 0) {
    return pods.map(toEndpoint);
  }
  const object = snapshot.workload(workload);
  return object ? [standIn(snapshot, workload, object)] : [];
}

/** The pod with its proxy as seen from outside. */
export function toEndpoint(pod: KubeObject): PodEndpoint {
  const endpoint: PodEndpoint = {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    labels: pod.metadata.labels ?? {},
    proxy: readPod(pod).proxy,
  };
  const address = textOf(fieldsOf(pod.status).podIP);
  return address ? { ...endpoint, address } : endpoint;
}

/** A pod as the injector would make it from the workload's template. */
function standIn(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
  object: KubeObject,
): PodEndpoint {
  const { by } = resolveProxy(snapshot, workload);
  const { labels } = readWorkload(object);
  return {
    name: workload.name,
    namespace: workload.namespace,
    labels: by === 'sidecar' ? { ...labels, [TLS_MODE]: 'istio' } : labels,
    proxy: by === 'unknown' ? 'none' : by,
  };
}
