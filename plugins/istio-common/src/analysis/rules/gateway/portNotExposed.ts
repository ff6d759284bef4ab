import { readGateway } from '../../../resources/gateway';
import { memoizeByIdentity } from '../../../resources/memoize';
import { namespacedName } from '../../../resources/objectKey';
import { isEmptySelector } from '../../../resources/selector';
import { readService } from '../../../resources/service';
import { resolveTargetPort } from '../../../snapshot/resolveTargetPort';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { serversOfGateway } from '../../facts/gatewayServers';
import { boundWorkloads } from '../../facts/sharedWorkloads';
import { describeWorkloads, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Without a selector the Gateway is for every proxy that is one. */
const allWorkloads = memoizeByIdentity((snapshot: MeshSnapshot) =>
  (['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const).flatMap(kind =>
    snapshot.list(kind).map(
      ({ metadata }): WorkloadKey => ({
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      }),
    ),
  ),
);

const openAnywhere = memoizeByIdentity((snapshot: MeshSnapshot) =>
  openPorts(snapshot, allWorkloads(snapshot)),
);

/** Source: istio/istio analyzers/gateway/gateway.go IngressGatewayPortAnalyzer. */
export const portNotExposed: Rule = {
  code: 'ISB0304',
  name: 'gateway-port-not-exposed',
  title: 'A Gateway listens on a port that no Service of its workload opens',
  severity: 'warning',
  explanation:
    'The gateway’s proxy listens there, but no Service sends anything to the port, neither by its own port nor by its target port: from outside the pod nobody gets in.',
  remedy: 'Add the port to the gateway’s Service, or use one that it has.',
  equivalents: ['IST0162'],
  subjects: ['Gateway'],
  inputs: ['Service', ...WORKLOAD_KINDS],
  reach: 'mesh',
  reachOf: { Gateway: 'object' },
  check(subject, { snapshot }) {
    const { selector } = readGateway(subject);
    const every = isEmptySelector(selector);
    const workloads = every
      ? allWorkloads(snapshot)
      : boundWorkloads(snapshot, selector);
    if (workloads.length === 0) return [];
    const open = every
      ? openAnywhere(snapshot)
      : openPorts(snapshot, workloads);
    return serversOfGateway(snapshot, namespacedName(subject.metadata))
      .filter(({ port, bind }) => !open.ports.has(port) && !isLocal(bind))
      .map(({ port, path }) => ({
        message: `No Service opens port ${port} of ${
          every ? 'any workload' : describeWorkloads(workloads, undefined)
        }.`,
        path: `${path}.port.number`,
        // Without any Service it may be reached by the node's address.
        ...(open.services === 0 && { severity: 'info' as const }),
      }));
  },
};

function openPorts(
  snapshot: MeshSnapshot,
  workloads: readonly WorkloadKey[],
): { ports: Set<number>; services: number } {
  const services = new Set(
    workloads.flatMap(workload => snapshot.servicesOf(workload)),
  );
  const ports = new Set<number>();
  for (const service of services) {
    for (const port of readService(service).ports) {
      // The proxy listens for TCP, beside QUIC too.
      if (port.protocol === 'udp') continue;
      ports.add(port.port);
      const target = resolveTargetPort(snapshot, service, port);
      if (target !== undefined) ports.add(target);
    }
  }
  return { ports, services: services.size };
}

function isLocal(bind: string | undefined): boolean {
  return bind !== undefined && /^(127\.|::1$|unix:)/.test(bind);
}
