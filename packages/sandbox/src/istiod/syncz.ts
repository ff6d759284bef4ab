import type { KubeObject } from '@istio-backstage/plugin-istio-common';

/** How a proxy stands to its istiod. */
export type ProxyState = 'synced' | 'stale' | 'refused' | 'disconnected';

/** Configuration that every sidecar asks for. */
const TYPES = [
  'envoy.config.cluster.v3.Cluster',
  'envoy.config.endpoint.v3.ClusterLoadAssignment',
  'envoy.config.listener.v3.Listener',
  'envoy.config.route.v3.RouteConfiguration',
];

/** A push that nobody acknowledged is this old, in milliseconds: longer than a busy proxy takes. */
const STALE_MS = 300_000;

function hasProxy({ spec }: KubeObject): boolean {
  const { containers = [], initContainers = [] } = (spec ?? {}) as {
    containers?: { name: string }[];
    initContainers?: { name: string }[];
  };
  return [...containers, ...initContainers].some(
    ({ name }) => name === 'istio-proxy',
  );
}

/** What `/debug/syncz` answers, for the Pods that have a proxy. Source: istio/istio pilot/pkg/xds/debug.go (1.31). */
export function describeSync(options: {
  pods: readonly KubeObject[];
  stateOf: (pod: KubeObject) => ProxyState;
  cluster: string;
  version: string;
  /** Epoch milliseconds. */
  now: number;
}): unknown[] {
  const { pods, stateOf, cluster, version, now } = options;
  return pods
    .filter(hasProxy)
    .map(pod => ({ pod, state: stateOf(pod) }))
    .filter(({ state }) => state !== 'disconnected')
    .map(({ pod, state }) => ({
      cluster_id: cluster,
      proxy: `${pod.metadata.name}.${pod.metadata.namespace}`,
      proxy_type: 'sidecar',
      istio_version: version,
      resources: Object.fromEntries(
        TYPES.map(type => [
          `type.googleapis.com/${type}`,
          resourceStatus(type, state, now),
        ]),
      ),
    }));
}

function resourceStatus(type: string, state: ProxyState, now: number) {
  const sentTime = new Date(now - STALE_MS).toISOString();
  const isRoute = type.endsWith('RouteConfiguration');
  if (!isRoute || state === 'synced') {
    return { sent: 'push-1', acked: 'push-1', sentTime };
  }
  return state === 'refused'
    ? {
        sent: 'push-2',
        acked: 'push-1',
        sentTime,
        lastError: 'Internal:Error adding/updating route: unknown cluster',
      }
    : { sent: 'push-2', acked: 'push-1', sentTime };
}
