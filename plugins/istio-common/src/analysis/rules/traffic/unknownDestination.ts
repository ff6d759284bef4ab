import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import { formatDuration, formatQuantity } from '../../../telemetry/format';
import {
  indexTraffic,
  type ObservedSamples,
} from '../../facts/observedTraffic';
import type { Rule, RuleFinding } from '../../types';

interface Unknown {
  requests: number;
  connections: number;
  hosts: ReadonlySet<string>;
}

/** What the workload's proxy sent to Envoy's cluster for unknown hosts. */
function collectUnknown(
  { requests, tcp }: ObservedSamples,
  cluster: string,
): Unknown {
  const isTo = (sample: {
    reporter: string;
    destinationServiceName?: string;
  }) =>
    sample.reporter === 'source' && sample.destinationServiceName === cluster;
  const http = requests.filter(isTo);
  const connections = tcp.filter(isTo);
  return {
    requests: http.reduce((sum, each) => sum + each.requests, 0),
    connections: connections.reduce(
      (sum, each) => sum + each.connectionsOpened,
      0,
    ),
    hosts: new Set(
      [...http, ...connections].flatMap(({ destinationService }) =>
        destinationService === undefined ||
        destinationService === cluster ||
        destinationService === 'unknown'
          ? []
          : [destinationService],
      ),
    ),
  };
}

function describe({ requests, connections, hosts }: Unknown): string {
  const names = [...hosts].sort().slice(0, 3).join(', ');
  const amount =
    requests > 0
      ? formatQuantity(requests, 'request')
      : formatQuantity(connections, 'connection');
  return `${amount}${names && ` (${names})`}`;
}

/** Source: istio.io, "Monitoring Blocked and Passthrough External Service Traffic". */
export const unknownDestination: Rule = {
  code: 'ISB1204',
  name: 'traffic-unknown-destination',
  title: 'A workload calls hosts that the mesh does not know',
  severity: 'warning',
  explanation:
    'No Service or ServiceEntry that the workload may see has the host it calls. With REGISTRY_ONLY its proxy refuses the call; else the call goes out as it is, without routing, mTLS, retries or a name in the telemetry.',
  remedy:
    'Describe the external host by a ServiceEntry, or export the Service to the workload’s namespace and name it in its Sidecar.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: [],
  reach: 'object',
  needs: ['traffic'],
  check(subject, { traffic }) {
    if (!traffic) return [];
    const { namespace, name } = subject.metadata;
    const samples = indexTraffic(traffic).from({ namespace, name });
    const blocked = collectUnknown(samples, 'BlackHoleCluster');
    const passed = collectUnknown(samples, 'PassthroughCluster');
    const since = `in the last ${formatDuration(traffic.window.seconds)}`;
    const any = ({ requests, connections }: Unknown) =>
      requests + connections > 0;
    const findings: RuleFinding[] = [];
    if (any(blocked)) {
      findings.push({
        message: `${describe(
          blocked,
        )} to unknown hosts were refused ${since} (BlackHoleCluster).`,
        path: '',
      });
    }
    if (any(passed)) {
      findings.push({
        message: `${describe(
          passed,
        )} went out to unknown hosts ${since}, past routing and mTLS (PassthroughCluster).`,
        path: '',
        severity: 'info',
      });
    }
    return findings;
  },
};
