import { Edge } from './collectEdges';
import { CodeTallies, CodeTally, totalOf } from './mergeReporters';
import { isAtLeast } from './thresholds';
import { HealthStatus, HealthThresholds } from './types';

/** What kind of answer a verdict is about. */
export type Fault = 'errors' | 'noResponse' | 'clientErrors' | 'connections';

/** What requests or connections say about health, with the numbers behind it. */
export interface TrafficVerdict {
  status: Extract<
    HealthStatus,
    'healthy' | 'degraded' | 'failing' | 'noTraffic'
  >;
  fault: Fault;
  /** Requests (or connections) that were judged. */
  total: number;
  failed: number;
  /** 0..1 */
  share: number;
  /** The limit that was passed; when healthy, the first one. */
  limit: number;
  /** The failed requests by code. */
  tallies: CodeTally[];
}

const SEVERITY = { failing: 3, degraded: 2, healthy: 1, noTraffic: 0 } as const;

/** Whether `a` is worse than `b`; equal ones are not. */
export function isWorse(a: TrafficVerdict, b: TrafficVerdict): boolean {
  return SEVERITY[a.status] > SEVERITY[b.status];
}

/** Whether the preset counts the answer as a failure of the server. */
export function isFailure(
  tally: CodeTally,
  thresholds: HealthThresholds,
): boolean {
  return (
    tally.class === 'serverError' ||
    tally.class === 'grpcServerError' ||
    tally.class === 'noResponse' ||
    (tally.class === 'grpcClientError' && thresholds.preset === 'kiali')
  );
}

/** Judges HTTP and gRPC requests, whether of one edge or of all. */
export function judgeRequests(
  codes: CodeTallies,
  thresholds: HealthThresholds,
): TrafficVerdict {
  const total = totalOf(codes);
  const tallies = [...codes.values()];
  const separate = thresholds.preset === 'kiali';
  const judge = (
    fault: Fault,
    chosen: CodeTally[],
    limits: { degraded: number; failing: number },
  ) => judgeShare({ fault, total, tallies: chosen, limits, thresholds });
  const verdicts = [
    judge(
      'errors',
      tallies.filter(
        tally =>
          isFailure(tally, thresholds) &&
          !(separate && tally.class === 'noResponse'),
      ),
      thresholds.errors,
    ),
  ];
  if (separate) {
    const { failing } = thresholds.errors;
    verdicts.push(
      judge(
        'noResponse',
        tallies.filter(tally => tally.class === 'noResponse'),
        { degraded: failing, failing },
      ),
    );
  }
  if (thresholds.clientErrors) {
    verdicts.push(
      judge(
        'clientErrors',
        tallies.filter(tally => tally.class === 'clientError'),
        thresholds.clientErrors,
      ),
    );
  }
  return verdicts.reduce((worst, verdict) =>
    isWorse(verdict, worst) ? verdict : worst,
  );
}

/** Judges TCP connections by how many could not be opened. */
export function judgeConnections(
  tcp: Edge['tcp'],
  thresholds: HealthThresholds,
): TrafficVerdict {
  return judgeShare({
    fault: 'connections',
    total: tcp.opened + tcp.failed,
    tallies: [],
    failed: tcp.failed,
    limits: thresholds.errors,
    thresholds,
  });
}

/** Judges one edge by its protocol. */
export function judgeEdge(
  edge: Edge,
  thresholds: HealthThresholds,
): TrafficVerdict {
  return edge.protocol === 'tcp'
    ? judgeConnections(edge.tcp, thresholds)
    : judgeRequests(edge.codes, thresholds);
}

function judgeShare(options: {
  fault: Fault;
  total: number;
  tallies: CodeTally[];
  failed?: number;
  limits: { degraded: number; failing: number };
  thresholds: HealthThresholds;
}): TrafficVerdict {
  const { fault, total, tallies, limits, thresholds } = options;
  const failed =
    options.failed ?? tallies.reduce((sum, { requests }) => sum + requests, 0);
  const share = total > 0 ? failed / total : 0;
  const verdict = { fault, total, failed, share, tallies };
  // A window's counts may be fractional; half a request short of the minimum is not too little.
  if (total === 0 || Math.round(total) < thresholds.minimumRequests) {
    return { ...verdict, status: 'noTraffic', limit: limits.degraded };
  }
  if (isAtLeast(share, limits.failing)) {
    return { ...verdict, status: 'failing', limit: limits.failing };
  }
  const status = isAtLeast(share, limits.degraded) ? 'degraded' : 'healthy';
  return { ...verdict, status, limit: limits.degraded };
}
