import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { deploymentName } from '../checkReferences';
import type { ScenarioVersion, ScenarioWorkload } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';
import { podIp, suffix, uidOf } from './names';
import {
  ClusterContext,
  initContainer,
  proxyContainer,
  sidecarStatus,
} from './proxyContainer';

type MeshMode = 'sidecar' | 'ambient' | 'none';

interface VersionContext extends ClusterContext {
  workload: ScenarioWorkload;
  version: ScenarioVersion;
  mode: MeshMode;
  times: WorldTimes;
}

/** Deployment, ReplicaSet and Pods of every version of a workload. */
export function workloadObjects(
  context: ClusterContext,
  workload: ScenarioWorkload,
  times: WorldTimes,
): KubeObject[] {
  const namespace = context.scenario.namespaces.find(
    one => one.name === workload.namespace,
  );
  const mode = workload.mesh ?? namespace?.mesh ?? 'none';
  return workload.versions.flatMap(version =>
    versionObjects({ ...context, workload, version, mode, times }),
  );
}

function podLabels(context: VersionContext): Record<string, string> {
  const { workload, version, mode } = context;
  const labels: Record<string, string> = {
    app: workload.name,
    version: version.version,
    ...workload.labels,
  };
  const canonical = {
    'service.istio.io/canonical-name': workload.name,
    'service.istio.io/canonical-revision': version.version,
  };
  if (workload.kind === 'waypoint') {
    return {
      ...labels,
      'gateway.networking.k8s.io/gateway-name': workload.name,
      'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint',
      'istio.io/dataplane-mode': 'none',
      'service.istio.io/canonical-name': workload.name,
      'service.istio.io/canonical-revision': 'latest',
    };
  }
  if (workload.kind === 'gateway' || mode === 'sidecar') {
    return {
      ...labels,
      ...canonical,
      'security.istio.io/tlsMode': 'istio',
    };
  }
  return labels;
}

function templateSpec(context: VersionContext): Record<string, unknown> {
  const { workload, version, mode, cluster } = context;
  const serviceAccountName = workload.serviceAccount ?? workload.name;
  const proxyOnly = workload.kind !== 'service';
  const native = cluster.nativeSidecars;
  const proxy = proxyContainer(context, {
    native: native && !proxyOnly,
    version: version.proxyVersion,
  });
  const app = {
    name: workload.name,
    image:
      version.image ??
      `registry.shop.example/${workload.name}:${version.version}`,
    ports: [
      ...workload.ports.map(port => ({
        name: port.name.slice(0, 15),
        containerPort: port.targetPort ?? port.port,
        protocol: 'TCP',
      })),
      ...workload.extraPorts.map(port => ({
        name: port.name.slice(0, 15),
        containerPort: port.port,
        protocol: 'TCP',
      })),
    ],
    resources: { requests: { cpu: '50m', memory: '96Mi' } },
  };
  if (proxyOnly) {
    return { serviceAccountName, containers: [proxy] };
  }
  if (mode !== 'sidecar') return { serviceAccountName, containers: [app] };
  return {
    serviceAccountName,
    initContainers: [initContainer(context), ...(native ? [proxy] : [])],
    containers: [app, ...(native ? [] : [proxy])],
  };
}

/** The Deployment's template is what was written, before injection. */
function deploymentSpec(
  context: VersionContext,
  replicas: number,
): Record<string, unknown> {
  const { workload, version, mode } = context;
  const injected = new Set([
    'security.istio.io/tlsMode',
    'service.istio.io/canonical-name',
    'service.istio.io/canonical-revision',
  ]);
  const labels = Object.fromEntries(
    Object.entries(podLabels(context)).filter(([key]) => !injected.has(key)),
  );
  const spec = templateSpec({
    ...context,
    mode: mode === 'sidecar' ? 'none' : mode,
  });
  return {
    replicas,
    selector: { matchLabels: { app: workload.name, version: version.version } },
    template: {
      metadata: { labels, annotations: workload.annotations },
      spec,
    },
  };
}

function versionObjects(context: VersionContext): KubeObject[] {
  const { workload, version, cluster, times } = context;
  const { namespace } = workload;
  const name = deploymentName(workload, version.version);
  const seed = `${cluster.name}/${namespace}/${name}`;
  const creationTimestamp = timestamp(momentOf(times, version.age));
  const replicas = Math.min(
    version.replicas,
    cluster.maxReplicas ?? version.replicas,
  );
  const ready = Math.min(version.ready ?? replicas, replicas);
  const hash = suffix(`${namespace}/${name}/template`, 10);
  const labels = {
    app: workload.name,
    version: version.version,
    ...workload.labels,
  };
  const status = {
    replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: 1,
  };
  const spec = deploymentSpec(context, replicas);
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      uid: uidOf(`${seed}/deployment`),
      creationTimestamp,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    },
    spec,
    status: { ...status, updatedReplicas: replicas },
  };
  const set = replicaSetOf(deployment, {
    name: `${name}-${hash}`,
    uid: uidOf(`${seed}/replicaset`),
    hash,
    status,
  });
  const pods = Array.from({ length: replicas }, (_, index) =>
    podObject(context, {
      index,
      ready: index < ready,
      hash,
      set,
      creationTimestamp,
    }),
  );
  return [deployment, set, ...pods];
}

/** The ReplicaSet of a Deployment: the same template with the hash. */
function replicaSetOf(
  deployment: KubeObject,
  options: {
    name: string;
    uid: string;
    hash: string;
    status: Record<string, unknown>;
  },
): KubeObject {
  const { namespace, creationTimestamp, labels } = deployment.metadata;
  const hashed = { 'pod-template-hash': options.hash };
  const spec = deployment.spec as {
    replicas: number;
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: unknown };
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: options.name,
      namespace,
      uid: options.uid,
      creationTimestamp,
      labels: { ...labels, ...hashed },
      ownerReferences: [ownerRef(deployment)],
    },
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: { ...spec.selector.matchLabels, ...hashed } },
      template: {
        ...spec.template,
        metadata: {
          ...spec.template.metadata,
          labels: { ...spec.template.metadata.labels, ...hashed },
        },
      },
    },
    status: options.status,
  };
}

function ownerRef(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

function podObject(
  context: VersionContext,
  options: {
    index: number;
    ready: boolean;
    hash: string;
    set: KubeObject;
    creationTimestamp: string;
  },
): KubeObject {
  const { workload, cluster, mode } = context;
  const { set, ready, creationTimestamp } = options;
  const name = `${set.metadata.name}-${suffix(
    `${cluster.name}/${set.metadata.name}/${options.index}`,
    5,
  )}`;
  const spec = templateSpec(context);
  const injected = mode === 'sidecar' && workload.kind === 'service';
  const ambient = mode === 'ambient' && workload.kind === 'service';
  const seed = `${cluster.name}/${workload.namespace}/${name}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: workload.namespace,
      uid: uidOf(seed),
      creationTimestamp,
      labels: { ...podLabels(context), 'pod-template-hash': options.hash },
      annotations: {
        ...workload.annotations,
        ...(injected
          ? { 'sidecar.istio.io/status': sidecarStatus(cluster.nativeSidecars) }
          : {}),
        ...(ambient ? { 'ambient.istio.io/redirection': 'enabled' } : {}),
      },
      ownerReferences: [ownerRef(set)],
    },
    spec: {
      ...spec,
      nodeName: `${cluster.name}-node-${1 + (options.index % 2)}`,
    },
    status: podStatus(spec, {
      ready,
      startTime: creationTimestamp,
      podIP: podIp(seed),
    }),
  };
}

interface NamedContainer {
  name: string;
  image: string;
}

/** Status of a running pod whose application is ready or not; the proxy always is. */
export function podStatus(
  spec: Record<string, unknown>,
  options: { ready: boolean; startTime: string; podIP: string },
): Record<string, unknown> {
  const { ready, startTime, podIP } = options;
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: startTime,
  });
  const containers = (spec.containers ?? []) as NamedContainer[];
  return {
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime,
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready),
      condition('Ready', ready),
    ],
    containerStatuses: containers.map(container => ({
      name: container.name,
      image: container.image,
      imageID: '',
      ready: ready || container.name === 'istio-proxy',
      started: true,
      restartCount: 0,
      state: { running: { startedAt: startTime } },
    })),
  };
}
