import { compareText } from '../../resources/objectKey';
import { EntityMatch } from '../../entity/types';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { collectEdges } from './collectEdges';
import { describeEdge } from './describeEdge';
import { describeLayers, findLayers } from './describeLayers';
import {
  Cause,
  judgeComponentTraffic,
  totalsOf,
} from './judgeComponentTraffic';
import { judgeLatency, worstLatency } from './judgeLatency';
import { judgeReadiness, listReadiness } from './judgeReadiness';
import { injectedOf, totalOf } from './mergeReporters';
import { describeInjected, sentence } from './sentences';
import { HealthResult, HealthThresholds } from './types';

/** What health is computed of. */
interface HealthOptions {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  thresholds: HealthThresholds;
  /** Of `resolveThresholds`; told with the result. */
  thresholdProblems?: readonly string[];
  /** Clusters that the shell could not read or whose data is stale. */
  leftOut: readonly { cluster: string; why: string }[];
}

/**
 * Health of a component with its cause. Under our own thresholds the requests it takes decide; the calls
 * it makes are listed, and decide only where nobody calls it (a worker, an ingress gateway). Under Kiali's,
 * both count. Readiness of pods counts in both. No data is unknown, too little is `noTraffic`.
 */
export function computeHealth(options: HealthOptions): HealthResult {
  const { match, thresholds } = options;
  const leftOut = listLeftOut(options.observations, options.leftOut);
  const excluded = new Set(leftOut.map(({ cluster }) => cluster));
  const counted = options.observations.filter(
    ({ cluster }) => !excluded.has(cluster),
  );
  const edges = collectEdges({ match, observations: counted });
  const seconds = Math.max(0, ...counted.map(({ window }) => window.seconds));
  const inbound = totalsOf(edges, 'inbound');
  const readiness = listReadiness(match);
  const latency = worstLatency(match, counted);
  const { workload: _slowest, ...quantiles } = latency;
  const decision = decide({
    traffic:
      counted.length === 0
        ? undefined
        : judgeComponentTraffic({ edges, inbound, seconds, thresholds }),
    latency: judgeLatency({
      latency,
      thresholds,
      seconds,
      requests: totalOf(inbound.codes),
    }),
    readiness: judgeReadiness(currentOnly(readiness, options)),
    leftOut,
  });
  const layers = findLayers({
    match,
    snapshots: options.snapshots,
    requests: totalOf(inbound.codes),
    tcp: inbound.tcp,
  });
  const described = edges.map(edge => describeEdge(edge, thresholds));
  return {
    ...tellLayers(
      tellInjected(decision, injectedOf(inbound.codes)),
      layers && describeLayers(layers),
    ),
    ...(layers ? { layers } : {}),
    inbound: {
      ...countInbound(described, seconds),
      tcpConnections: inbound.tcp.opened,
      ...quantiles,
    },
    edges: described.sort(
      (a, b) =>
        compareText(a.direction, b.direction) ||
        b.failed - a.failed ||
        b.requests - a.requests,
    ),
    readiness,
    thresholds,
    ...(options.thresholdProblems?.length && {
      thresholdProblems: [...options.thresholdProblems],
    }),
    countedClusters: counted.map(({ cluster }) => cluster),
    leftOut,
  };
}

/** Readiness in clusters that are read at present. */
function currentOnly(
  readiness: HealthResult['readiness'],
  { snapshots, leftOut }: HealthOptions,
): HealthResult['readiness'] {
  const known = new Set(snapshots.map(({ cluster }) => cluster));
  return readiness.filter(
    ({ cluster }) =>
      known.has(cluster) && !leftOut.some(entry => entry.cluster === cluster),
  );
}

/** Says what was not counted, unless that is the cause itself. */
function tellInjected(decision: Cause, injected: number): Cause {
  if (Math.round(injected) === 0 || decision.status === 'noTraffic') {
    return decision;
  }
  const parts = decision.detail ? [...decision.detail, { text: ' ' }] : [];
  return {
    ...decision,
    detail: sentence(undefined, ...parts, describeInjected(injected)),
  };
}

/** Says at which layer an ambient component was seen. */
function tellLayers(decision: Cause, text: string | undefined): Cause {
  if (text === undefined) return decision;
  const parts = decision.detail ? [...decision.detail, { text: ' ' }] : [];
  return { ...decision, detail: sentence(undefined, ...parts, text) };
}

function listLeftOut(
  observations: readonly TrafficObservation[],
  given: readonly { cluster: string; why: string }[],
): { cluster: string; why: string }[] {
  const known = new Set(given.map(({ cluster }) => cluster));
  return [
    ...given,
    ...observations.flatMap(({ cluster, error }) =>
      error !== undefined && !known.has(cluster)
        ? [{ cluster, why: error }]
        : [],
    ),
  ];
}

function countInbound(
  edges: readonly ReturnType<typeof describeEdge>[],
  seconds: number,
): Pick<
  HealthResult['inbound'],
  'requests' | 'requestsPerSecond' | 'failed' | 'errorShare'
> {
  let requests = 0;
  let failed = 0;
  for (const edge of edges) {
    if (edge.direction === 'inbound' && edge.protocol !== 'tcp') {
      requests += edge.requests;
      failed += edge.failed;
    }
  }
  return {
    requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    failed,
    ...(requests > 0 ? { errorShare: failed / requests } : {}),
  };
}

/** Nothing ready beats all; then the worse of traffic and latency; then missing pods; then what is left. */
function decide(options: {
  traffic: Cause | undefined;
  latency: Cause | undefined;
  readiness: ReturnType<typeof judgeReadiness>;
  leftOut: readonly { cluster: string; why: string }[];
}): Cause {
  const { traffic, latency, readiness, leftOut } = options;
  const ready = sentence(
    readiness.status === 'notReady' ? 'notReady' : 'degraded',
    readiness.text,
  );
  if (readiness.status === 'notReady') {
    return {
      status: 'notReady',
      cause: ready,
      ...(traffic?.status === 'failing' ? { detail: traffic.cause } : {}),
    };
  }
  const bad = [traffic, latency].filter(
    (cause): cause is Cause =>
      cause?.status === 'failing' || cause?.status === 'degraded',
  );
  const [first] = [...bad.filter(({ status }) => status === 'failing'), ...bad];
  if (first) {
    const further = readiness.status === 'degraded' && !first.detail;
    return further
      ? { ...first, detail: sentence(undefined, readiness.text) }
      : first;
  }
  if (readiness.status === 'degraded') {
    return { status: 'degraded', cause: ready };
  }
  return traffic ?? unknownCause(leftOut);
}

function unknownCause(
  leftOut: readonly { cluster: string; why: string }[],
): Cause {
  return {
    status: 'unknown',
    cause: sentence(
      'unknown',
      'nothing reports its traffic.',
      ...leftOut.map(({ cluster, why }) => ` ${cluster}: ${why}.`),
    ),
  };
}
