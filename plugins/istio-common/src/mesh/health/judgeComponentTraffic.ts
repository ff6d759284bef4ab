import {
  formatCount,
  formatDuration,
  formatQuantity,
} from '../../telemetry/format';
import { Edge } from './collectEdges';
import { describeEdge, topFlag } from './describeEdge';
import {
  isWorse,
  judgeConnections,
  judgeEdge,
  judgeRequests,
  TrafficVerdict,
} from './judgeTraffic';
import { addTallies, CodeTallies, injectedOf, totalOf } from './mergeReporters';
import {
  attributeToVersions,
  describeHealthy,
  describeVerdict,
  explainFlag,
  mostFrequent,
  sentence,
} from './sentences';
import { HealthStatus, HealthThresholds, Sentence } from './types';

/** A status with the words for it. */
export interface Cause {
  status: HealthStatus;
  cause: Sentence;
  detail?: Sentence;
}

/** Traffic of all edges of one direction. */
export interface Totals {
  codes: CodeTallies;
  tcp: Edge['tcp'];
}

/** Adds up the edges of one direction. */
export function totalsOf(
  edges: readonly Edge[],
  direction: Edge['direction'],
): Totals {
  const totals: Totals = {
    codes: new Map(),
    tcp: { opened: 0, failed: 0, bytes: 0 },
  };
  for (const edge of edges) {
    if (edge.direction === direction) {
      addTallies(totals.codes, edge.codes);
      totals.tcp.opened += edge.tcp.opened;
      totals.tcp.failed += edge.tcp.failed;
      totals.tcp.bytes += edge.tcp.bytes;
    }
  }
  return totals;
}

/** Worst of: all requests together, all connections together, each edge with enough volume. */
export function judgeComponentTraffic(options: {
  edges: readonly Edge[];
  inbound: Totals;
  seconds: number;
  thresholds: HealthThresholds;
}): Cause {
  const { edges, inbound, seconds, thresholds } = options;
  const idle =
    totalOf(inbound.codes) + inbound.tcp.opened + inbound.tcp.failed === 0;
  const ownCalls = idle && thresholds.preset !== 'kiali';
  const directions =
    thresholds.preset === 'kiali'
      ? (['inbound', 'outbound'] as const)
      : ([idle ? 'outbound' : 'inbound'] as const);
  const judged = edges.filter(({ direction }) =>
    (directions as readonly string[]).includes(direction),
  );
  const overall = directions
    .map(direction => totalsOf(edges, direction))
    .flatMap(totals => [
      judgeRequests(totals.codes, thresholds),
      judgeConnections(totals.tcp, thresholds),
    ])
    .reduce(moreTelling);
  const worst = worstEdge(judged, thresholds);
  if (worst && !isWorse(overall, worst.verdict)) {
    return causeOfEdge({ ...worst, edges, seconds, thresholds });
  }
  if (overall.status === 'noTraffic') {
    return idleCause({ inbound, overall, seconds, thresholds });
  }
  return {
    status: overall.status,
    cause: sentence(
      overall.status,
      ...(overall.status === 'healthy'
        ? [describeHealthy(overall, { seconds, ownCalls })]
        : describeVerdict(overall, { seconds })),
    ),
  };
}

/** The worse verdict; of equal ones the first that saw anything. */
function moreTelling(a: TrafficVerdict, b: TrafficVerdict): TrafficVerdict {
  const silent = a.total === 0 && b.total > 0 && !isWorse(a, b);
  return silent || isWorse(b, a) ? b : a;
}

/** The edge to name: among the worst, the one with most failures. Undefined while no edge is bad. */
function worstEdge(
  edges: readonly Edge[],
  thresholds: HealthThresholds,
): { edge: Edge; verdict: TrafficVerdict } | undefined {
  return edges
    .map(edge => ({ edge, verdict: judgeEdge(edge, thresholds) }))
    .filter(
      ({ verdict }) =>
        verdict.status === 'degraded' || verdict.status === 'failing',
    )
    .sort((a, b) => {
      if (isWorse(a.verdict, b.verdict)) {
        return -1;
      }
      return isWorse(b.verdict, a.verdict)
        ? 1
        : b.verdict.failed - a.verdict.failed;
    })[0];
}

function causeOfEdge(options: {
  edge: Edge;
  verdict: TrafficVerdict;
  edges: readonly Edge[];
  seconds: number;
  thresholds: HealthThresholds;
}): Cause {
  const { edge, verdict, edges, seconds, thresholds } = options;
  const cause: Cause = {
    status: verdict.status,
    cause: sentence(
      verdict.status,
      ...describeVerdict(verdict, { seconds, edge }),
    ),
  };
  const parts: (string | Sentence[number])[] = [];
  const attribution =
    attributeToVersions(describeEdge(edge, thresholds).failuresByVersion) ??
    explainTopFlag(verdict);
  if (attribution) {
    parts.push(attribution);
  }
  const onward =
    edge.direction === 'inbound'
      ? worstEdge(
          edges.filter(({ direction }) => direction === 'outbound'),
          thresholds,
        )
      : undefined;
  if (onward) {
    const described = describeVerdict(onward.verdict, {
      seconds,
      edge: onward.edge,
    });
    // The limit is said once, in the cause.
    parts.push(attribution ? ' Also, ' : 'Also, ', ...described.slice(0, -1));
  }
  const detail = sentence(undefined, ...parts);
  const last = detail[detail.length - 1];
  if (last) {
    last.text = last.text.trimEnd();
  }
  return detail.length > 0 ? { ...cause, detail } : cause;
}

function explainTopFlag(verdict: TrafficVerdict): string | undefined {
  const [top] = mostFrequent(verdict.tallies);
  const flag = top && topFlag(top.byFlag);
  const words = flag && explainFlag(flag);
  return words && `Reported reason: ${words}.`;
}

function idleCause(options: {
  inbound: Totals;
  overall: TrafficVerdict;
  seconds: number;
  thresholds: HealthThresholds;
}): Cause {
  const { inbound, overall, seconds, thresholds } = options;
  const window = formatDuration(seconds);
  const { bytes } = inbound.tcp;
  const injected = injectedOf(inbound.codes);
  if (overall.total === 0 && bytes === 0 && Math.round(injected) > 0) {
    return {
      status: 'noTraffic',
      cause: [
        { text: 'Not judged: ' },
        {
          text: `a fault rule answered all ${formatQuantity(
            injected,
            'request',
          )} in ${window} (FI).`,
        },
      ],
    };
  }
  if (overall.total === 0 && bytes === 0) {
    return {
      status: 'noTraffic',
      cause: [{ text: 'No requests: ' }, { text: `none in ${window}.` }],
    };
  }
  const seen =
    overall.total === 0
      ? 'open connections carry data, none was opened'
      : formatQuantity(
          overall.total,
          overall.fault === 'connections' ? 'connection' : 'request',
        );
  return {
    status: 'noTraffic',
    cause: [
      { text: 'Not enough traffic: ' },
      {
        text: `${seen} in ${window}, ${formatCount(
          thresholds.minimumRequests,
        )} are needed to judge.`,
      },
    ],
  };
}
