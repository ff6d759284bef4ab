import {
  RequestSample,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
} from '../../telemetry/types';
import { OwnEnds, WorkloadSet } from '../workloadSet';
import { MtlsResult, PlaintextCaller } from './types';

type Sample = RequestSample | TcpSample;

interface Tally {
  total: number;
  encrypted: number;
}

/**
 * What the server's proxies saw: only they know whether a request came encrypted (clients always report
 * "unknown"). Requests where any were counted, else TCP connections.
 *
 * Source: istio/istio connection_security_policy; ztunnel reports plaintext as "unknown".
 */
export function observeEncryption(options: {
  match: OwnEnds;
  observations: readonly TrafficObservation[];
  /** `namespace/name` of workloads that ztunnel serves. */
  ambient: ReadonlySet<string>;
}): MtlsResult['observed'] {
  const { match, observations, ambient } = options;
  const own = new WorkloadSet(match);
  const counted = observations.filter(({ error }) => error === undefined);
  const servers = reportingServers(counted);
  const callers = new Map<string, PlaintextCaller>();
  const requests: Tally = { total: 0, encrypted: 0 };
  const connections: Tally = { total: 0, encrypted: 0 };
  const count = (
    tally: Tally,
    sample: Sample,
    amount: number,
    field: 'requests' | 'connections',
  ) => {
    const encrypted = isEncrypted(sample, ambient);
    if (!own.hasWorkload(sample.destination) || encrypted === undefined) {
      return;
    }
    tally.total += amount;
    if (encrypted) {
      tally.encrypted += amount;
    } else if (amount > 0) {
      callerOf(callers, sample.source, sample.cluster)[field] += amount;
    }
  };
  for (const { requests: http, tcp } of counted) {
    http
      .filter(
        item =>
          item.reporter !== 'waypoint' ||
          !servers.has(destinationName(item.destination)),
      )
      .forEach(item => count(requests, item, item.requests, 'requests'));
    tcp.forEach(item =>
      count(connections, item, item.connectionsOpened, 'connections'),
    );
  }
  const unit = requests.total > 0 ? 'requests' : 'connections';
  const { total, encrypted } = unit === 'requests' ? requests : connections;
  return {
    total,
    encrypted,
    ...(total > 0 ? { encryptedShare: encrypted / total } : {}),
    unit: total > 0 ? unit : 'requests',
    plaintextCallers: [...callers.values()].sort(
      (a, b) => b.requests - a.requests || b.connections - a.connections,
    ),
  };
}

/** Workloads whose own proxy reports requests: a waypoint in front would report the same ones again. */
function reportingServers(
  observations: readonly TrafficObservation[],
): ReadonlySet<string> {
  return new Set(
    observations.flatMap(({ requests }) =>
      requests
        .filter(({ reporter }) => reporter === 'destination')
        .map(({ destination }) => destinationName(destination)),
    ),
  );
}

function destinationName({ namespace, workload }: TelemetryPeer): string {
  return `${namespace}/${workload}`;
}

/** Undefined: this series cannot know. */
function isEncrypted(
  sample: Sample,
  ambient: ReadonlySet<string>,
): boolean | undefined {
  if (sample.reporter === 'source') {
    return undefined;
  }
  if (sample.security !== 'unknown') {
    return sample.security === 'mutual_tls';
  }
  return ambient.has(destinationName(sample.destination)) ? false : undefined;
}

function callerOf(
  callers: Map<string, PlaintextCaller>,
  source: TelemetryPeer,
  cluster: string,
): PlaintextCaller {
  const key = `${cluster}\n${source.namespace}\n${source.workload}`;
  const known = callers.get(key);
  if (known) {
    return known;
  }
  const caller: PlaintextCaller = { cluster, requests: 0, connections: 0 };
  if (source.workload !== undefined) {
    caller.workload = source.workload;
  }
  if (source.namespace !== undefined) {
    caller.namespace = source.namespace;
  }
  callers.set(key, caller);
  return caller;
}
