import type { MeshSnapshot } from '../../../snapshot/types';
import { formatDuration, formatQuantity } from '../../../telemetry/format';
import type { RequestSample } from '../../../telemetry/types';
import { indexTraffic } from '../../facts/observedTraffic';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Envoy's response flags of requests that its configuration let down, and what they say. */
const FLAGS: Readonly<Record<string, string>> = {
  NR: 'found no route (NR)',
  NC: 'were routed to a destination that does not exist, such as an undefined subset (NC)',
  UH: 'found no healthy endpoint (UH)',
  UO: 'were refused by the connection pool’s limits (UO)',
};

/** Where the flags are not read: a 503 to a Service of the cluster that no pod had a part in. */
const NO_POD = 'got 503 and reached no pod';

/** Why the proxy of the caller answered itself; undefined: it did not. */
function explainFailure(
  snapshot: MeshSnapshot,
  sample: RequestSample,
): string | undefined {
  const { reporter, responseFlags, responseCode, destination } = sample;
  if (reporter === 'destination' || sample.requests <= 0) return undefined;
  if (responseFlags !== undefined) {
    const flag = responseFlags
      .split(',')
      .find(each => Object.hasOwn(FLAGS, each));
    return flag && FLAGS[flag];
  }
  const { destinationServiceName: name, destinationServiceNamespace } = sample;
  const known =
    name !== undefined &&
    snapshot.get('Service', destinationServiceNamespace, name) !== undefined;
  return responseCode === '503' && destination.workload === undefined && known
    ? NO_POD
    : undefined;
}

/** Source: Envoy, access log response flags. */
export const nowhereToGo: Rule = {
  code: 'ISB1205',
  name: 'traffic-nowhere-to-go',
  title: 'A workload’s requests fail in its own proxy',
  severity: 'warning',
  explanation:
    'The proxy of the caller answered itself, because the routing configuration had no place to send the request to. The called service never saw it, so its own telemetry is silent.',
  remedy:
    'Look at the routes, subsets and endpoints of the host; for UO at connectionPool and outlierDetection of its DestinationRule.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: ['Service'],
  reach: 'mesh',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    if (!traffic) return [];
    const { namespace, name } = subject.metadata;
    const failed = new Map<string, number>();
    for (const sample of indexTraffic(traffic).from({ namespace, name })
      .requests) {
      const why = explainFailure(snapshot, sample);
      if (!why) continue;
      const key = `to ${sample.destinationService ?? 'an unknown host'} ${why}`;
      failed.set(key, (failed.get(key) ?? 0) + sample.requests);
    }
    return [...failed].map(([what, requests]) => ({
      message: `${formatQuantity(
        requests,
        'request',
      )} ${what} in the last ${formatDuration(traffic.window.seconds)}.`,
      path: '',
    }));
  },
};
