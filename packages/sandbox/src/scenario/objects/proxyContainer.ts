import type { Scenario, ScenarioCluster } from '../schema';

/** Context of the objects of one cluster. */
export interface ClusterContext {
  scenario: Scenario;
  cluster: ScenarioCluster;
}

/** The container that injection adds, or that a gateway is made of. */
export function proxyContainer(
  context: ClusterContext,
  { native, version }: { native: boolean; version?: string },
): Record<string, unknown> {
  return {
    name: 'istio-proxy',
    image: `docker.io/istio/proxyv2:${
      version ?? context.scenario.mesh.istioVersion
    }`,
    args: [
      'proxy',
      'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '2', memory: '1Gi' },
    },
    ...(native ? { restartPolicy: 'Always' } : {}),
  };
}

export function initContainer(
  context: ClusterContext,
): Record<string, unknown> {
  return {
    name: 'istio-init',
    image: `docker.io/istio/proxyv2:${context.scenario.mesh.istioVersion}`,
    args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337'],
  };
}

/** What the injector notes on the pod. */
export function sidecarStatus(native: boolean): string {
  return JSON.stringify({
    initContainers: native ? ['istio-init', 'istio-proxy'] : ['istio-init'],
    containers: native ? null : ['istio-proxy'],
    volumes: ['workload-socket', 'istio-envoy', 'istio-data', 'istio-token'],
    imagePullSecrets: null,
    revision: 'default',
  });
}
