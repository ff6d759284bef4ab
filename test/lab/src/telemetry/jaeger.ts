import { join } from 'node:path';
import type { KubeObject } from '../kubernetes/types';
import { inNamespace } from '../network/controlNetwork';
import type { RunningLab } from '../RunningLab';
import { PATIENCE, waitFor } from '../waitFor';

const OTLP_PORT = 4317;
const QUERY_PORT = 16_686;

/** Starts Jaeger beside the control plane and gives the address of its query API. */
export async function startJaeger(lab: RunningLab): Promise<string> {
  const { linkInside } = lab.network;
  const folder = join(lab.state, 'jaeger');
  lab.processes.start({
    key: 'jaeger',
    command: inNamespace(lab.names.control, [
      lab.binaries['jaeger-all-in-one'],
      '--memory.max-traces=5000',
      '--log-level=warn',
    ]),
    log: join(folder, 'log'),
    env: {
      PATH: process.env.PATH,
      COLLECTOR_OTLP_ENABLED: 'true',
      GOMEMLIMIT: '300MiB',
    },
  });
  const url = `http://${linkInside}:${QUERY_PORT}`;
  await waitFor(async () => (await fetch(`${url}/api/services`)).ok, {
    what: 'readiness of Jaeger',
    timeoutSeconds: PATIENCE,
    hopeless: () =>
      lab.processes.isRunning('jaeger')
        ? undefined
        : `it ended; see ${join(folder, 'log')}`,
  });
  return url;
}

/** The Service that the mesh sends its spans to; its one endpoint is the control plane's address. */
export const jaegerObjects = (address: string): KubeObject[] => {
  const metadata = { name: 'jaeger-collector', namespace: 'istio-system' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ name: 'grpc-otlp', port: OTLP_PORT }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata,
        labels: { 'kubernetes.io/service-name': metadata.name },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'grpc-otlp', port: OTLP_PORT, protocol: 'TCP' }],
    },
  ];
};
