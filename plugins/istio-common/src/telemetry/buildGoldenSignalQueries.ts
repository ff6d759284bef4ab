import { FAILURE_PATTERNS } from './failure';
import { buildSelector, Matcher, oneOf, promRange } from './promql';

/** The lines of the chart. */
export type GoldenSignalName = 'rate' | 'errors' | 'p50' | 'p95' | 'p99';

/** Whose word counts, in this order: the server's own proxy, a waypoint in front of it, its clients. */
const REPORTERS = ['destination', 'waypoint', 'source'] as const;

/**
 * PromQL of the five lines of a component's chart, for a range query: requests per second, failed share
 * (0..1, same rule as health), and latency in milliseconds. Answers NaN where nothing was requested.
 *
 * Reporters are never added up: at each point the first of server, waypoint and clients that says anything
 * counts, unless `reporter` names one.
 */
export function buildGoldenSignalQueries(options: {
  workloads: readonly { namespace: string; name: string }[];
  /** Range of each rate; at least four scrape intervals. */
  rateSeconds: number;
  reporter?: (typeof REPORTERS)[number];
}): Record<GoldenSignalName, string> {
  const { workloads, rateSeconds, reporter } = options;
  const perReporter = (reporter ? [reporter] : REPORTERS).map(name =>
    buildQueries({ workloads, rateSeconds, reporter: name }),
  );
  const firstThatSpeaks = (signal: GoldenSignalName) =>
    perReporter.map(queries => queries[signal]).join(' or ');
  return {
    rate: firstThatSpeaks('rate'),
    errors: firstThatSpeaks('errors'),
    p50: firstThatSpeaks('p50'),
    p95: firstThatSpeaks('p95'),
    p99: firstThatSpeaks('p99'),
  };
}

function buildQueries(options: {
  workloads: readonly { namespace: string; name: string }[];
  rateSeconds: number;
  reporter: string;
}): Record<GoldenSignalName, string> {
  const { workloads, rateSeconds, reporter } = options;
  const rates = (metric: string, further: readonly Matcher[] = []) =>
    inboundSelections(workloads)
      .map(
        matchers =>
          `rate(${buildSelector(metric, [
            { label: 'reporter', op: '=', value: reporter },
            ...matchers,
            ...further,
          ])}[${promRange(rateSeconds)}])`,
      )
      .join(' or ');
  const requests = 'istio_requests_total';
  const all = `sum(${rates(requests)})`;
  const served: Matcher = {
    label: 'response_flags',
    op: '!~',
    value: FAILURE_PATTERNS.injectedFlags,
  };
  const judged = `sum(${rates(requests, [served])})`;
  const failed = `sum(${rates(requests, [
    served,
    { label: 'response_code', op: '=~', value: FAILURE_PATTERNS.responseCode },
  ])} or ${rates(requests, [
    served,
    {
      label: 'grpc_response_status',
      op: '=~',
      value: FAILURE_PATTERNS.grpcStatus,
    },
  ])})`;
  const quantile = (q: string) =>
    `histogram_quantile(${q}, sum by (le) (${rates(
      'istio_request_duration_milliseconds_bucket',
    )}))`;
  return {
    rate: all,
    // Without any failed series the left side is empty; the second operand makes that a zero.
    errors: `(${failed} or 0 * ${judged}) / ${judged}`,
    p50: quantile('0.5'),
    p95: quantile('0.95'),
    p99: quantile('0.99'),
  };
}

/** One selection per namespace; workloads of one namespace share it. No workload selects nothing. */
function inboundSelections(
  workloads: readonly { namespace: string; name: string }[],
): Matcher[][] {
  const byNamespace = new Map<string, Set<string>>();
  for (const { namespace, name } of workloads) {
    const names = byNamespace.get(namespace) ?? new Set();
    byNamespace.set(namespace, names.add(name));
  }
  if (byNamespace.size === 0) {
    return [[{ label: 'destination_workload', op: '=', value: '' }]];
  }
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, names]) => [
      { label: 'destination_workload_namespace', op: '=', value: namespace },
      oneOf('destination_workload', [...names].sort()),
    ]);
}
