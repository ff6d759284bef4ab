import {
  resolveAmbientWish,
  resolveInjection,
} from '../../resources/namespace';
import { readPod } from '../../resources/pod';
import { DecidedBy } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** What takes a workload's inbound connections. */
export type InboundProxy =
  | { by: 'sidecar' | 'ambient' }
  | { by: 'none' | 'unknown'; decidedBy: DecidedBy };

/**
 * The proxy that accepts connections to a port of the workload. Pods are the evidence; where none runs,
 * the labels that the injector and the ambient agent go by.
 */
export function resolveInboundProxy(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  port: number;
}): InboundProxy {
  const { snapshot, workload } = options;
  const proxy = resolveProxy(snapshot, workload);
  if (proxy.by !== 'sidecar') {
    return proxy;
  }
  return bypassOf(options) ?? proxy;
}

/** The proxy of the workload, whatever port it leaves alone. */
export function resolveProxy(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): InboundProxy {
  if (!isKnown(snapshot, 'Pod')) {
    return {
      by: 'unknown',
      decidedBy: {
        by: 'nothing',
        note: `pods of ${snapshot.cluster} could not be read`,
      },
    };
  }
  const { withProxy, ambient, total } = countProxies(snapshot, workload);
  if (withProxy > 0) {
    return { by: ambient === withProxy ? 'ambient' : 'sidecar' };
  }
  if (total > 0) {
    return {
      by: 'none',
      decidedBy: { by: 'nothing', note: 'its pods run without a proxy' },
    };
  }
  return fromLabels(snapshot, workload);
}

function fromLabels(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): InboundProxy {
  const object = snapshot.workload(workload);
  const labels = object ? readWorkload(object).labels : {};
  const namespace = snapshot.get('Namespace', undefined, workload.namespace);
  if (resolveInjection(namespace, labels).wanted) {
    return { by: 'sidecar' };
  }
  if (resolveAmbientWish(namespace, labels).wanted) {
    return { by: 'ambient' };
  }
  return {
    by: 'none',
    decidedBy: {
      by: 'nothing',
      note: 'no pod runs and no label asks for a proxy',
    },
  };
}

/** Live pods of the workload, those whose inbound connections a proxy takes, and those ztunnel takes. */
export function countProxies(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): { total: number; withProxy: number; ambient: number } {
  const pods = snapshot
    .podsOf(workload)
    .map(readPod)
    .filter(pod => !pod.gone);
  return {
    total: pods.length,
    withProxy: pods.filter(pod => pod.proxy !== 'none').length,
    ambient: pods.filter(pod => pod.proxy === 'ambient').length,
  };
}

const EXCLUDE = 'traffic.sidecar.istio.io/excludeInboundPorts';
const INCLUDE = 'traffic.sidecar.istio.io/includeInboundPorts';

/**
 * A port that annotations keep away from the sidecar: its connections reach the application as they come.
 *
 * Source: istio.io, resource annotations excludeInboundPorts and includeInboundPorts.
 */
function bypassOf(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  port: number;
}): InboundProxy | undefined {
  const { snapshot, workload, port } = options;
  const object = snapshot.workload(workload);
  if (!object) {
    return undefined;
  }
  const { annotations } = readWorkload(object);
  const excluded = ports(annotations[EXCLUDE]).includes(String(port));
  const included = annotations[INCLUDE];
  const leftOut =
    included !== undefined &&
    !ports(included).includes('*') &&
    !ports(included).includes(String(port));
  if (!excluded && !leftOut) {
    return undefined;
  }
  const prefix =
    workload.kind === 'Pod' ? 'metadata' : 'spec.template.metadata';
  return {
    by: 'none',
    decidedBy: {
      by: 'object',
      object: snapshot.refOf(object),
      fieldPath: `${prefix}.annotations['${excluded ? EXCLUDE : INCLUDE}']`,
    },
  };
}

function ports(text: string | undefined): string[] {
  return (text ?? '').split(',').map(item => item.trim());
}
