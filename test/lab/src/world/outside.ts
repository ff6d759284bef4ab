import type { Scenario } from '@istio-backstage/sandbox';
import type { KubeObject } from '../kubernetes/types';
import type { OutsideServer, WorldFile } from './worldFile';
import type { WorkloadSettings } from './workloadSettings';
import { containerProgram } from './containerProgram';

/** Where the servers outside the mesh are found. */
export interface OutsidePlace {
  labapp: string;
  /** Lines for /etc/hosts, divided by semicolons. */
  hosts: string;
  /** Files of a server's certificate. */
  certificateOf: (host: string) => { certificate: string; key: string };
}

type Outside = NonNullable<WorldFile['outside']>;

/** Lines for the hosts of every Pod. */
export const outsideHosts = (outside: Outside | undefined, prefix: string) =>
  (outside?.servers ?? [])
    .map(({ host, address }) => `${prefix}.${address} ${host}`)
    .join(';');

const serverSettings = (
  server: OutsideServer,
  place: OutsidePlace,
): WorkloadSettings => ({
  name: server.name,
  version: 'v1',
  listen: [
    {
      port: server.port,
      ...(server.tls
        ? { protocol: 'tls', ...place.certificateOf(server.host) }
        : { protocol: 'http' }),
    },
  ],
  latency: { p50: 20, p99: 120 },
});

/** A namespace outside the mesh: servers that the mesh calls, and the people who visit it. Pure. */
export function outsideObjects(
  outside: Outside,
  options: { scenario: Scenario; place: OutsidePlace; share: number },
): KubeObject[] {
  const { namespace } = outside;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...outside.servers.map(server =>
      deployment(namespace, {
        name: server.name,
        annotations: { 'lab/ip': String(server.address) },
        settings: serverSettings(server, options.place),
        labapp: options.place.labapp,
      }),
    ),
    deployment(namespace, {
      name: outside.visitors,
      annotations: {},
      settings: visitorSettings(outside.visitors, options),
      labapp: options.place.labapp,
    }),
  ];
}

/** What the scenario's gateway sends is what people send to the gateway. */
function visitorSettings(
  name: string,
  options: { scenario: Scenario; share: number },
): WorkloadSettings {
  const gateways = options.scenario.workloads.filter(
    ({ kind }) => kind === 'gateway',
  );
  return {
    name,
    version: 'v1',
    listen: [],
    sends: gateways.flatMap(gateway =>
      gateway.sends.map(sender => ({
        protocol: sender.protocol,
        address: `${gateway.name}.${gateway.namespace}:${sender.port}`,
        requests: sender.requests.map(request => ({
          ...request,
          headers: { ...request.headers, host: sender.to },
        })),
        perSecond: sender.rate * options.share,
        bytesSent: sender.bytesSent,
        bytesReceived: sender.bytesReceived,
      })),
    ),
  };
}

function deployment(
  namespace: string,
  options: {
    name: string;
    annotations: Record<string, string>;
    settings: WorkloadSettings;
    labapp: string;
  },
): KubeObject {
  const { name, annotations } = options;
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: {
          containers: [
            {
              name,
              image: 'labapp',
              ...containerProgram(options.labapp, options.settings),
            },
          ],
        },
      },
    },
  };
}
