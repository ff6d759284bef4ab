import { buildSelector, Matcher, promRange } from './promql';

/** One query per part of a `TrafficObservation`; instant queries at the window's end. */
export interface ObservationQueries {
  /** `istio_requests_total`, increase over the window. */
  requests: string;
  tcpOpened: string;
  /** ztunnel only; empty where no source reports it. */
  tcpFailed: string;
  tcpSent: string;
  tcpReceived: string;
  /** Milliseconds per inbound workload. */
  p50: string;
  p95: string;
  p99: string;
  /** Epoch seconds of the newest sample. */
  newest: string;
}

/** Name of one of the queries. */
export type ObservationQueryName = keyof ObservationQueries;

const PEER_LABELS = [
  'workload',
  'workload_namespace',
  'canonical_service',
  'canonical_revision',
  'version',
  'cluster',
] as const;

const SERVICE_LABELS = [
  'destination_service',
  'destination_service_name',
  'destination_service_namespace',
];

/** Labels that only a page about one namespace needs; without them a whole cluster stays affordable. */
const DETAIL_LABELS = ['destination_principal', 'response_flags'];

/**
 * PromQL for one window of traffic. With a namespace: all traffic from, to or addressed to it, with the
 * server's identity and response flags; without: the whole cluster with fewer labels.
 *
 * `a or b` keeps a series that both sides select once, so traffic inside the namespace is not counted twice.
 *
 * Source of names and labels: istio.io, Istio Standard Metrics (1.31).
 */
export function buildObservationQueries(options: {
  namespace?: string;
  /** Length of the window. */
  seconds: number;
}): ObservationQueries {
  const { namespace } = options;
  const range = promRange(options.seconds);
  const tcpLabels = groupLabels(namespace !== undefined, [
    'connection_security_policy',
  ]);
  const requestLabels = [
    ...tcpLabels,
    'request_protocol',
    'response_code',
    'grpc_response_status',
  ];
  const increase = (metric: string, labels: readonly string[]) =>
    `sum by (${labels.join(', ')}) (${touching(
      namespace,
      matchers => `increase(${buildSelector(metric, matchers)}[${range}])`,
    )}) > 0`;
  const quantile = (q: string) =>
    `histogram_quantile(${q}, sum by (le, destination_workload, destination_workload_namespace) (rate(${buildSelector(
      'istio_request_duration_milliseconds_bucket',
      inboundMatchers(namespace),
    )}[${range}])))`;
  return {
    requests: increase('istio_requests_total', requestLabels),
    tcpOpened: increase('istio_tcp_connections_opened_total', tcpLabels),
    tcpFailed: increase('istio_tcp_connections_failed_total', tcpLabels),
    tcpSent: increase('istio_tcp_sent_bytes_total', tcpLabels),
    tcpReceived: increase('istio_tcp_received_bytes_total', tcpLabels),
    p50: quantile('0.5'),
    p95: quantile('0.95'),
    p99: quantile('0.99'),
    newest: 'max(timestamp(istio_requests_total))',
  };
}

function groupLabels(
  detailed: boolean,
  further: readonly string[],
): readonly string[] {
  return [
    'reporter',
    ...PEER_LABELS.map(label => `source_${label}`),
    ...PEER_LABELS.map(label => `destination_${label}`),
    ...SERVICE_LABELS,
    // Goes with the source's workload, so it makes no further series; without it nobody knows who called.
    'source_principal',
    ...(detailed ? DETAIL_LABELS : []),
    ...further,
  ];
}

function touching(
  namespace: string | undefined,
  expression: (matchers: readonly Matcher[]) => string,
): string {
  if (namespace === undefined) {
    return expression([]);
  }
  return [
    'destination_workload_namespace',
    'source_workload_namespace',
    'destination_service_namespace',
  ]
    .map(label => expression([{ label, op: '=', value: namespace }]))
    .join(' or ');
}

function inboundMatchers(namespace: string | undefined): Matcher[] {
  const server: Matcher = {
    label: 'reporter',
    op: '=~',
    value: 'destination|waypoint',
  };
  return namespace === undefined
    ? [server]
    : [
        server,
        { label: 'destination_workload_namespace', op: '=', value: namespace },
      ];
}
