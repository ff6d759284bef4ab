import { formatDuration, formatQuantity } from '../../../telemetry/format';
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
  inputs: [],
  reach: 'object',
  needs: ['traffic'],
  check(subject, { traffic }) {
    if (!traffic) return [];
    const { namespace, name } = subject.metadata;
    const failed = new Map<string, number>();
    for (const sample of indexTraffic(traffic).from({ namespace, name })
      .requests) {
      const { responseFlags = '', reporter, destinationService } = sample;
      const flag = responseFlags.split(',').find(each => each in FLAGS);
      if (reporter === 'destination' || !flag || sample.requests <= 0) continue;
      const key = `${flag}\n${destinationService ?? 'an unknown host'}`;
      failed.set(key, (failed.get(key) ?? 0) + sample.requests);
    }
    return [...failed].map(([key, requests]) => {
      const [flag, host] = key.split('\n');
      return {
        message: `${formatQuantity(requests, 'request')} to ${host} ${
          FLAGS[flag]
        } in the last ${formatDuration(traffic.window.seconds)}.`,
        path: '',
      };
    });
  },
};
