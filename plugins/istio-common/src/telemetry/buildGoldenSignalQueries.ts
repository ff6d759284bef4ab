import { FAILURE_PATTERNS } from './failure';
import { buildSelector, Matcher, oneOf, promRange } from './promql';

export type GoldenSignalName = 'rate' | 'errors' | 'p50' | 'p95' | 'p99';

/**
 * PromQL of the five lines of a component's chart, for a range query: requests per second, failed share
 * (0..1, same rule as health), and latency in milliseconds. Answers NaN where nothing was requested.
 *
 * `reporter` says who counts: the server's proxy (default), or for workloads without a proxy `source`.
 * Reporters are never added up.
 */
export function buildGoldenSignalQueries(options: {
  workloads: readonly { namespace: string; name: string }[];
  /** Range of each rate; at least four scrape intervals. */
  rateSeconds: number;
  reporter?: 'destination' | 'waypoint' | 'source';
}): Record<GoldenSignalName, string> {
  const { workloads, rateSeconds, reporter = 'destination' } = options;
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
  const failed = `sum(${rates(requests, [
    { label: 'response_code', op: '=~', value: FAILURE_PATTERNS.responseCode },
  ])} or ${rates(requests, [
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
    errors: `(${failed} or 0 * ${all}) / ${all}`,
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
