import { dump } from 'js-yaml';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { checkScenario } from '../parseScenario';
import type { Scenario, ScenarioWorkload } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';
import { podIp, suffix, uidOf } from './names';
import type { ClusterContext } from './proxyContainer';
import { serviceObjects } from './services';
import { podStatus, workloadObjects } from './workloads';

const AGE = '150d';

/** What istioctl installs: istiod with its webhook and mesh config, and ztunnel where a namespace is ambient. */
export function controlPlaneObjects(
  context: ClusterContext,
  times: WorldTimes,
): KubeObject[] {
  const { mesh, namespaces } = context.scenario;
  const creationTimestamp = timestamp(momentOf(times, AGE));
  const istiod = istiodWorkload(context);
  const inRoot: ClusterContext = {
    ...context,
    scenario: {
      ...context.scenario,
      namespaces: [
        ...namespaces,
        { ...namespaces[0], name: mesh.rootNamespace, mesh: 'none' },
      ],
    },
  };
  const objects = [
    ...serviceObjects(istiod, times),
    ...workloadObjects(inRoot, istiod, times).map(asPilot),
    meshConfig(context, creationTimestamp),
    validatingWebhook(mesh.rootNamespace, creationTimestamp),
  ];
  return namespaces.some(namespace => namespace.mesh === 'ambient')
    ? [...objects, ...ztunnel(context, creationTimestamp)]
    : objects;
}

function istiodWorkload({ scenario }: ClusterContext): ScenarioWorkload {
  const { rootNamespace, istioVersion } = scenario.mesh;
  const checked: Scenario = checkScenario(
    {
      name: 'control-plane',
      clusters: [{ name: 'any' }],
      namespaces: [{ name: rootNamespace, mesh: 'none' }],
      workloads: [
        {
          name: 'istiod',
          namespace: rootNamespace,
          labels: { istio: 'pilot', 'istio.io/rev': 'default' },
          ports: [
            { name: 'grpc-xds', port: 15010 },
            { name: 'https-dns', port: 15012 },
            { name: 'https-webhook', port: 443, targetPort: 15017 },
            { name: 'http-monitoring', port: 15014 },
          ],
          versions: [
            {
              version: istioVersion,
              replicas: 1,
              age: AGE,
              image: `docker.io/istio/pilot:${istioVersion}`,
            },
          ],
        },
      ],
    },
    'control plane',
  );
  return checked.workloads[0];
}

/** The container of istiod is called discovery. */
function asPilot(object: KubeObject): KubeObject {
  return JSON.parse(
    JSON.stringify(object).replace(
      /"name":"istiod","image"/g,
      '"name":"discovery","image"',
    ),
  );
}

function meshConfig(
  { scenario }: ClusterContext,
  creationTimestamp: string,
): KubeObject {
  const { mesh } = scenario;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'istio',
      namespace: mesh.rootNamespace,
      creationTimestamp,
      labels: { 'istio.io/rev': 'default', release: 'istio' },
    },
    data: {
      mesh: dump({
        defaultConfig: {
          discoveryAddress: `istiod.${mesh.rootNamespace}.svc:15012`,
          tracing: {},
        },
        enablePrometheusMerge: true,
        rootNamespace: mesh.rootNamespace,
        trustDomain: mesh.trustDomain,
        ...mesh.config,
      }),
      meshNetworks: 'networks: {}',
    },
  };
}

function validatingWebhook(
  rootNamespace: string,
  creationTimestamp: string,
): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: `istio-validator-${rootNamespace}`,
      creationTimestamp,
      labels: { app: 'istiod', istio: 'istiod', 'istio.io/rev': 'default' },
    },
    webhooks: [
      {
        name: 'rev.validation.istio.io',
        clientConfig: {
          service: {
            name: 'istiod',
            namespace: rootNamespace,
            path: '/validate',
          },
        },
        rules: [
          {
            operations: ['CREATE', 'UPDATE'],
            apiGroups: [
              'security.istio.io',
              'networking.istio.io',
              'telemetry.istio.io',
              'extensions.istio.io',
            ],
            apiVersions: ['*'],
            resources: ['*'],
            scope: '*',
          },
        ],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

function ztunnelSpec(istioVersion: string) {
  return {
    serviceAccountName: 'ztunnel',
    containers: [
      {
        name: 'istio-proxy',
        image: `docker.io/istio/ztunnel:${istioVersion}`,
        args: ['proxy', 'ztunnel'],
        ports: [
          { name: 'ztunnel-stats', containerPort: 15020, protocol: 'TCP' },
        ],
      },
    ],
  };
}

function ztunnel(
  { scenario, cluster }: ClusterContext,
  creationTimestamp: string,
): KubeObject[] {
  const { rootNamespace: namespace, istioVersion } = scenario.mesh;
  const uid = uidOf(`${cluster.name}/ztunnel`);
  const labels = { app: 'ztunnel' };
  const spec = ztunnelSpec(istioVersion);
  const nodes = [1, 2];
  const daemonSet: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ztunnel', namespace, uid, creationTimestamp, labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
    status: {
      currentNumberScheduled: nodes.length,
      desiredNumberScheduled: nodes.length,
      numberMisscheduled: 0,
      numberReady: nodes.length,
    },
  };
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name: 'ztunnel',
    uid,
    controller: true,
  };
  const pods = nodes.map((node): KubeObject => {
    const name = `ztunnel-${suffix(`${cluster.name}/ztunnel/${node}`, 5)}`;
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        uid: uidOf(`${cluster.name}/${name}`),
        creationTimestamp,
        labels,
        ownerReferences: [owner],
      },
      spec: { ...spec, nodeName: `${cluster.name}-node-${node}` },
      status: podStatus(spec, {
        ready: true,
        startTime: creationTimestamp,
        podIP: podIp(`${cluster.name}/${name}`),
      }),
    };
  });
  return [daemonSet, ...pods];
}
