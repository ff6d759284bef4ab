import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { MeshMode, Peer, PodRef } from '../types';

/** The facts of a pod that traffic depends on. */
export interface PodInfo extends PodRef {
  labels: Readonly<Record<string, string>>;
  ready: boolean;
  peer: Peer;
  /** `namespace/workload`. */
  workloadKey: string;
  /** Container ports by name. */
  namedPorts: Readonly<Record<string, number>>;
}

interface PodSpec {
  serviceAccountName?: string;
  containers?: {
    name: string;
    ports?: { name?: string; containerPort: number }[];
  }[];
  initContainers?: { name: string }[];
}

interface PodStatus {
  podIP?: string;
  phase?: string;
  conditions?: { type: string; status: string }[];
}

/** Name of the Deployment behind a ReplicaSet's pod, else of the owner, else of the pod. */
function workloadName(pod: KubeObject): string {
  const owner = pod.metadata.ownerReferences?.find(ref => ref.controller);
  if (!owner) return pod.metadata.name;
  return owner.kind === 'ReplicaSet'
    ? owner.name.replace(/-[a-z0-9]+$/, '')
    : owner.name;
}

function meshMode(
  pod: KubeObject,
  spec: PodSpec,
  ambientNamespace: boolean,
): MeshMode {
  const labels = pod.metadata.labels ?? {};
  if (
    labels['gateway.networking.k8s.io/gateway-class-name'] === 'istio-waypoint'
  ) {
    return 'waypoint';
  }
  const containers = [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
  ];
  if (containers.some(container => container.name === 'istio-proxy')) {
    return containers.filter(c => c.name !== 'istio-init').length === 1
      ? 'gateway'
      : 'sidecar';
  }
  const own = labels['istio.io/dataplane-mode'];
  if (own === 'ambient') return 'ambient';
  return ambientNamespace && own !== 'none' ? 'ambient' : 'none';
}

/** Reads a Pod; `ambientNamespace` says whether its namespace is captured by ztunnel. */
export function readPod(pod: KubeObject, ambientNamespace: boolean): PodInfo {
  const spec = (pod.spec ?? {}) as PodSpec;
  const status = (pod.status ?? {}) as PodStatus;
  const labels = pod.metadata.labels ?? {};
  const namespace = pod.metadata.namespace ?? 'default';
  const workload = workloadName(pod);
  const app =
    labels['service.istio.io/canonical-name'] ??
    labels['app.kubernetes.io/name'] ??
    labels.app ??
    workload;
  const version =
    labels['service.istio.io/canonical-revision'] ??
    labels['app.kubernetes.io/version'] ??
    labels.version ??
    'latest';
  const namedPorts: Record<string, number> = {};
  for (const container of spec.containers ?? []) {
    for (const port of container.ports ?? []) {
      if (port.name) namedPorts[port.name] = port.containerPort;
    }
  }
  return {
    name: pod.metadata.name,
    namespace,
    ip: status.podIP ?? '',
    labels,
    ready:
      status.conditions?.some(
        condition => condition.type === 'Ready' && condition.status === 'True',
      ) ?? false,
    workloadKey: `${namespace}/${workload}`,
    namedPorts,
    peer: {
      workload,
      namespace,
      app,
      version,
      serviceAccount: spec.serviceAccountName ?? 'default',
      mode: meshMode(pod, spec, ambientNamespace),
    },
  };
}
