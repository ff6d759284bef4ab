import { TelemetryPeer, TrafficObservation } from '../../telemetry/types';
import { OwnEnds, WorkloadSet } from '../workloadSet';
import { countInbound } from './countInbound';
import { MtlsResult, PlaintextCaller } from './types';

interface Tally {
  total: number;
  encrypted: number;
}

/** What the server's proxies saw: requests where any were counted, else TCP connections. */
export function observeEncryption(options: {
  match: OwnEnds;
  observations: readonly TrafficObservation[];
  /** `namespace/name` of workloads that ztunnel serves. */
  ambient: ReadonlySet<string>;
}): MtlsResult['observed'] {
  const { match, observations, ambient } = options;
  const own = new WorkloadSet(match);
  const callers = new Map<string, PlaintextCaller>();
  const requests: Tally = { total: 0, encrypted: 0 };
  const connections: Tally = { total: 0, encrypted: 0 };
  const inbound = countInbound({
    observations,
    ambient,
    isServer: peer => own.hasWorkload(peer),
  });
  for (const calls of inbound) {
    if (calls.encrypted === undefined) {
      continue;
    }
    requests.total += calls.requests;
    connections.total += calls.connections;
    if (calls.encrypted) {
      requests.encrypted += calls.requests;
      connections.encrypted += calls.connections;
    } else if (calls.requests + calls.connections > 0) {
      const caller = callerOf(callers, calls.source, calls.cluster);
      caller.requests += calls.requests;
      caller.connections += calls.connections;
    }
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
