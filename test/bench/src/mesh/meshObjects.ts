import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { generateWorld } from '@istio-backstage/sandbox';
import { componentsOf } from '../world/createWorldFiles';

/** Objects of a mesh as a repository of manifests holds them, one list per file. */
export interface MeshFile {
  /** `team-001/service-0030.yaml` */
  path: string;
  objects: KubeObject[];
}

/** A service of the mesh and who calls it. */
export interface MeshService {
  name: string;
  namespace: string;
  /** Names of its Deployments, one per version. */
  versions: string[];
  callers: { name: string; namespace: string }[];
}

/** Every so many services something is wrong: findings and their lines are part of the work. */
const BROKEN_EVERY = 100;

/** The services of the generated world, who calls whom included. */
export function meshServices(services: number): MeshService[] {
  const scenario = generateWorld({ services, podsPerService: 4 });
  const callers = new Map<string, MeshService['callers']>();
  for (const { name, namespace, calls = [] } of scenario.workloads) {
    for (const { to } of calls) {
      callers.set(to, [...(callers.get(to) ?? []), { name, namespace }]);
    }
  }
  return componentsOf(scenario).map(({ name, namespace, workloads }) => ({
    name,
    namespace,
    versions: workloads.map(workload => workload.name),
    callers: callers.get(`${name}.${namespace}`) ?? [],
  }));
}

/** The files: one per namespace with its policy, one per service with the six kinds that a team writes. */
export function meshFiles(services: readonly MeshService[]): MeshFile[] {
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
  return [
    ...namespaces.map(namespace => ({
      path: `${namespace}/namespace.yaml`,
      objects: namespaceObjects(namespace),
    })),
    ...services.map((service, index) => ({
      path: `${service.namespace}/${service.name}.yaml`,
      objects: serviceObjects(service, index % BROKEN_EVERY === 7),
    })),
  ];
}

function namespaceObjects(name: string): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'istio-injection': 'enabled' } },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: name },
      spec: { mtls: { mode: 'STRICT' } },
    },
  ];
}

function serviceObjects(service: MeshService, broken: boolean): KubeObject[] {
  const { name, namespace } = service;
  const metadata = { name, namespace, labels: { app: name } };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { app: name },
        ports: [{ name: 'http', port: 8080, targetPort: 8080 }],
      },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    ...service.versions.map((version, index) =>
      deploymentOf(service, version, `v${index + 1}`),
    ),
    ...routingOf(service, metadata, broken),
    policyOf(service, metadata),
  ];
}

function deploymentOf(
  { name, namespace }: MeshService,
  workload: string,
  version: string,
): KubeObject {
  const labels = { app: name, version };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: workload, namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name: 'app',
              image: `registry.example/${name}:${version}`,
              ports: [{ name: 'http', containerPort: 8080 }],
              env: [{ name: 'LOG_LEVEL', value: 'info' }],
              resources: { requests: { cpu: '100m', memory: '128Mi' } },
              readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
            },
          ],
        },
      },
    },
  };
}

function routingOf(
  { name, versions }: MeshService,
  metadata: KubeObject['metadata'],
  broken: boolean,
): KubeObject[] {
  const subsets = versions.map((_, index) => `v${index + 1}`);
  const weights = subsets.length > 1 ? [90, 10] : [100];
  const apiVersion = 'networking.istio.io/v1';
  return [
    {
      apiVersion,
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: [name],
        ...(broken ? { gateways: ['mesh', 'gone'] } : {}),
        http: [
          {
            match: [{ headers: { 'x-canary': { exact: '1' } } }],
            route: [
              {
                destination: {
                  host: name,
                  subset: subsets[subsets.length - 1],
                },
              },
            ],
          },
          {
            timeout: '3s',
            retries: { attempts: 2, perTryTimeout: '1s' },
            route: subsets.map((subset, index) => ({
              destination: { host: name, subset },
              weight: weights[index],
            })),
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: name,
        trafficPolicy: { connectionPool: { http: { http2MaxRequests: 100 } } },
        subsets: subsets.map(version => ({
          name: version,
          labels: { version },
        })),
      },
    },
  ];
}

function policyOf(
  { name, callers }: MeshService,
  metadata: KubeObject['metadata'],
): KubeObject {
  const principals = callers.map(
    caller => `cluster.local/ns/${caller.namespace}/sa/${caller.name}`,
  );
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata,
    spec: {
      selector: { matchLabels: { app: name } },
      rules: [
        {
          ...(principals.length > 0
            ? { from: [{ source: { principals } }] }
            : {}),
          to: [{ operation: { methods: ['GET'], paths: ['/api/*'] } }],
        },
      ],
    },
  };
}
