import { hashUnit } from '../traffic/hash';
import { checkScenario } from './parseScenario';
import type { Scenario } from './schema';

const SERVICES_PER_NAMESPACE = 25;

const GATEWAY = {
  name: 'istio-ingressgateway',
  namespace: 'istio-ingress',
  kind: 'gateway',
  labels: { istio: 'ingressgateway' },
  ports: [{ name: 'http2', port: 80 }],
  versions: [{ version: 'v1', replicas: 2 }],
  sends: [{ id: 'visitors', rate: 200, to: 'bench.example', port: 80 }],
};

const numbered = (prefix: string, index: number, digits: number) =>
  `${prefix}-${String(index).padStart(digits, '0')}`;

const namespaceOf = (index: number) =>
  numbered('team', Math.floor(index / SERVICES_PER_NAMESPACE), 3);

const hostOf = (index: number) =>
  `${numbered('service', index, 4)}.${namespaceOf(index)}`;

const isSplit = (index: number, podsPerService: number) =>
  index % 5 === 0 && podsPerService > 1;

/** Each service calls the next three of the tree. */
function serviceTree(services: number, podsPerService: number) {
  const children = (index: number) =>
    [3 * index + 1, 3 * index + 2, 3 * index + 3].filter(
      child => child < services,
    );
  const canary = Math.max(1, Math.floor(podsPerService / 4));
  return Array.from({ length: services }, (_, index) => {
    const p50 = 4 + Math.round(60 * hashUnit(`latency/${index}`));
    return {
      name: numbered('service', index, 4),
      namespace: namespaceOf(index),
      ports: [{ name: 'http', port: 8080 }],
      latency: { p50, p99: p50 * 6 },
      versions: isSplit(index, podsPerService)
        ? [
            { version: 'v1', replicas: podsPerService - canary },
            { version: 'v2', replicas: canary },
          ]
        : [{ version: 'v1', replicas: podsPerService }],
      calls: children(index).map(child => ({
        to: hostOf(child),
        port: 8080,
        perRequest: 0.4,
      })),
    };
  });
}

/**
 * A world of N services for benchmarks: a gateway, trees of three calls per service, every fifth service with
 * two versions behind a VirtualService and a DestinationRule. Pods are spread so that the average holds.
 */
export function generateWorld(options: {
  services: number;
  podsPerService: number;
  clusters?: string[];
}): Scenario {
  const { services, podsPerService, clusters = ['bench'] } = options;
  const workloads = serviceTree(services, podsPerService);
  const teams = [...new Set(workloads.map(({ namespace }) => namespace))];
  return checkScenario(
    {
      name: `generated-${services}x${podsPerService}`,
      clusters: clusters.map(name => ({ name, share: 1 / clusters.length })),
      historyDays: 1,
      teams: teams.map(name => ({
        name,
        members: [`${name}-dev`],
        edits: [name],
      })),
      namespaces: [
        ...teams.map(name => ({ name, mesh: 'sidecar' })),
        { name: 'istio-ingress', mesh: 'none' },
      ],
      workloads: [GATEWAY, ...workloads],
      objects: [
        ...ingressObjects(hostOf(0)),
        ...workloads.flatMap(({ name, namespace }, index) =>
          isSplit(index, podsPerService) ? splitObjects(name, namespace) : [],
        ),
      ],
    },
    'generateWorld',
  );
}

const NETWORKING = 'networking.istio.io/v1';

function ingressObjects(host: string): unknown[] {
  const namespace = 'istio-ingress';
  return [
    {
      object: {
        apiVersion: NETWORKING,
        kind: 'Gateway',
        metadata: { name: 'bench', namespace },
        spec: {
          selector: { istio: 'ingressgateway' },
          servers: [
            {
              port: { number: 80, name: 'http', protocol: 'HTTP' },
              hosts: ['bench.example'],
            },
          ],
        },
      },
    },
    {
      object: {
        apiVersion: NETWORKING,
        kind: 'VirtualService',
        metadata: { name: 'bench', namespace },
        spec: {
          hosts: ['bench.example'],
          gateways: ['bench'],
          http: [
            {
              route: [
                {
                  destination: {
                    host: `${host}.svc.cluster.local`,
                    port: { number: 8080 },
                  },
                },
              ],
            },
          ],
        },
      },
    },
  ];
}

function splitObjects(name: string, namespace: string): unknown[] {
  const destination = (subset: string) => ({ host: name, subset });
  return [
    {
      object: {
        apiVersion: NETWORKING,
        kind: 'DestinationRule',
        metadata: { name, namespace },
        spec: {
          host: name,
          subsets: ['v1', 'v2'].map(version => ({
            name: version,
            labels: { version },
          })),
        },
      },
    },
    {
      object: {
        apiVersion: NETWORKING,
        kind: 'VirtualService',
        metadata: { name, namespace },
        spec: {
          hosts: [name],
          http: [
            {
              name: 'primary',
              route: [
                { destination: destination('v1'), weight: 90 },
                { destination: destination('v2'), weight: 10 },
              ],
            },
          ],
        },
      },
    },
  ];
}
