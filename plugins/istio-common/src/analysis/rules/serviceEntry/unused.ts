import { memoizeByIdentity } from '../../../resources/memoize';
import { readServiceEntry } from '../../../resources/serviceEntry';
import { isCovered, isWildcard } from '../../../mesh/route/hostPatterns';
import { formatDuration, formatQuantity } from '../../../telemetry/format';
import type { TrafficObservation } from '../../../telemetry/types';
import type { Rule } from '../../types';
import { claimOf, type Claim } from './entryIndex';

/** Calls below which nothing is said: a quiet mesh proves nothing superfluous. */
const ENOUGH = 1_000;
/** Nor does a short look. */
const LONG_ENOUGH_SECONDS = 3_600;

/** Calls that clients report, by their namespace, and the hosts they went to. */
const readCalls = memoizeByIdentity(({ requests, tcp }: TrafficObservation) => {
  const byNamespace = new Map<string, number>();
  const hosts = new Set<string>();
  const add = (namespace: string | undefined, calls: number) => {
    if (namespace !== undefined) {
      byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + calls);
    }
  };
  for (const sample of requests) {
    if (sample.reporter === 'source') {
      add(sample.source.namespace, sample.requests);
    }
    if (sample.destinationService) hosts.add(sample.destinationService);
  }
  for (const sample of tcp) {
    if (sample.reporter === 'source') {
      add(sample.source.namespace, sample.connectionsOpened);
    }
    if (sample.destinationService) hosts.add(sample.destinationService);
  }
  return { byNamespace, hosts };
});

/** Istio reports calls to a host of a ServiceEntry by that host, over HTTP and TCP alike. */
export const serviceEntryUnused: Rule = {
  code: 'ISB0412',
  name: 'service-entry-unused',
  title: 'Nobody calls the hosts of a ServiceEntry',
  severity: 'info',
  explanation:
    'No proxy that sees the ServiceEntry reported a call to any of its hosts while many other calls were seen. It may be left over, or be used more rarely than the window is long.',
  remedy:
    'Ask whose it is and whether the service is still called; then remove it.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: [],
  reach: 'mesh',
  reachOf: { ServiceEntry: 'object' },
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const claim = claimOf(snapshot, subject);
    if (!claim || !traffic || traffic.window.seconds < LONG_ENOUGH_SECONDS) {
      return [];
    }
    const { byNamespace, hosts } = readCalls(traffic);
    const calls = countSeen(claim, byNamespace);
    const own = readServiceEntry(subject).hosts;
    const isCalled = own.some(
      host =>
        hosts.has(host) ||
        (isWildcard(host) &&
          [...hosts].some(called => isCovered(called, host))),
    );
    if (own.length === 0 || isCalled || calls < ENOUGH) return [];
    return [
      {
        message: `None of ${formatQuantity(
          calls,
          'call',
        )} in the last ${formatDuration(
          traffic.window.seconds,
        )} went to ${own.join(', ')}.`,
        path: 'spec.hosts',
      },
    ];
  },
};

function countSeen(
  { visibility }: Claim,
  byNamespace: ReadonlyMap<string, number>,
): number {
  let calls = 0;
  for (const [namespace, count] of byNamespace) {
    const sees =
      visibility === 'public' ||
      (visibility !== 'none' && visibility.has(namespace));
    calls += sees ? count : 0;
  }
  return calls;
}
