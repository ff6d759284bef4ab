import {
  ObservationQueries,
  ObservationQueryName,
} from './buildObservationQueries';
import {
  LatencySample,
  RequestSample,
  SecurityPolicy,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
  TrafficWindow,
} from './types';

/** One element of an instant vector, as Prometheus' HTTP API answers it. */
export interface PrometheusSample {
  metric: Readonly<Record<string, string>>;
  /** Epoch seconds and the value as text. */
  value: readonly [number, string];
}

/** The answers by query; a query that was not asked is left out. */
export type ObservationResults = Partial<
  Record<ObservationQueryName, readonly PrometheusSample[]>
>;

type Metric = Readonly<Record<string, string>>;

/**
 * Turns the answers to `buildObservationQueries` into samples. Labels that say "unknown" become absent,
 * series without a usable number are left out.
 */
export function parseObservation(options: {
  cluster: string;
  window: TrafficWindow;
  results: ObservationResults;
}): TrafficObservation {
  const { cluster, window, results } = options;
  const observation: TrafficObservation = {
    cluster,
    window,
    requests: numbered(results.requests).flatMap(([metric, value]) =>
      parseRequests(cluster, metric, value),
    ),
    tcp: parseTcp(cluster, results),
    latency: parseLatency(cluster, results),
  };
  const [newest] = numbered(results.newest);
  if (newest) {
    observation.newestSampleAt = Math.round(newest[1] * 1000);
  }
  return observation;
}

/** An observation for a source that gave no answer; its empty arrays mean nothing. */
export function failedObservation(options: {
  cluster: string;
  window: TrafficWindow;
  /** In words, without secrets. */
  error: string;
}): TrafficObservation {
  return { ...options, requests: [], tcp: [], latency: [] };
}

function numbered(
  samples: readonly PrometheusSample[] | undefined,
): [Metric, number][] {
  return (samples ?? []).flatMap(({ metric, value }) => {
    const number = Number(value[1]);
    return Number.isFinite(number)
      ? [[metric, number] as [Metric, number]]
      : [];
  });
}

function parseRequests(
  cluster: string,
  metric: Metric,
  requests: number,
): RequestSample[] {
  const reporter = parseReporter(metric.reporter);
  if (!reporter || requests <= 0) {
    return [];
  }
  const sample: RequestSample = {
    cluster,
    reporter,
    protocol: metric.request_protocol === 'grpc' ? 'grpc' : 'http',
    source: parsePeer(metric, 'source'),
    destination: parsePeer(metric, 'destination'),
    ...parseService(metric),
    responseCode: metric.response_code ?? '',
    security: parseSecurity(metric.connection_security_policy),
    requests,
  };
  if (sample.protocol === 'grpc' && metric.grpc_response_status) {
    sample.grpcStatus = metric.grpc_response_status;
  }
  if (metric.response_flags) {
    sample.responseFlags = metric.response_flags;
  }
  return [sample];
}

const TCP_FIELDS = {
  tcpOpened: 'connectionsOpened',
  tcpFailed: 'connectionsFailed',
  tcpSent: 'sentBytes',
  tcpReceived: 'receivedBytes',
} as const satisfies Partial<Record<keyof ObservationQueries, keyof TcpSample>>;

function parseTcp(cluster: string, results: ObservationResults): TcpSample[] {
  const samples = new Map<string, TcpSample>();
  for (const [query, field] of Object.entries(TCP_FIELDS) as [
    keyof typeof TCP_FIELDS,
    (typeof TCP_FIELDS)[keyof typeof TCP_FIELDS],
  ][]) {
    for (const [metric, value] of numbered(results[query])) {
      const sample = samples.get(labelKey(metric)) ?? newTcp(cluster, metric);
      if (sample) {
        samples.set(labelKey(metric), sample);
        sample[field] += value;
      }
    }
  }
  return [...samples.values()];
}

function newTcp(cluster: string, metric: Metric): TcpSample | undefined {
  const reporter = parseReporter(metric.reporter);
  if (!reporter) {
    return undefined;
  }
  const sample: TcpSample = {
    cluster,
    reporter,
    source: parsePeer(metric, 'source'),
    destination: parsePeer(metric, 'destination'),
    ...parseService(metric),
    security: parseSecurity(metric.connection_security_policy),
    connectionsOpened: 0,
    connectionsFailed: 0,
    sentBytes: 0,
    receivedBytes: 0,
  };
  if (metric.response_flags) {
    sample.responseFlags = metric.response_flags;
  }
  return sample;
}

function parseLatency(
  cluster: string,
  results: ObservationResults,
): LatencySample[] {
  const samples = new Map<string, LatencySample>();
  for (const quantile of ['p50', 'p95', 'p99'] as const) {
    for (const [metric, value] of numbered(results[quantile])) {
      const workload = known(metric.destination_workload);
      const namespace = known(metric.destination_workload_namespace);
      if (workload && namespace) {
        const key = `${namespace}/${workload}`;
        const sample = samples.get(key) ?? { cluster, workload, namespace };
        samples.set(key, { ...sample, [quantile]: value });
      }
    }
  }
  return [...samples.values()];
}

function parsePeer(
  metric: Metric,
  side: 'source' | 'destination',
): TelemetryPeer {
  const label = (name: string) => known(metric[`${side}_${name}`]);
  const revision = label('canonical_revision');
  return withoutAbsent({
    workload: label('workload'),
    namespace: label('workload_namespace'),
    canonicalService: label('canonical_service'),
    version: revisionOf(revision) ?? revisionOf(label('version')),
    principal: label('principal'),
    cluster: label('cluster'),
  });
}

/** `latest` is what Istio writes for a workload without version label. */
function revisionOf(value: string | undefined): string | undefined {
  return value === 'latest' ? undefined : value;
}

function parseService(metric: Metric) {
  return withoutAbsent({
    destinationService: known(metric.destination_service),
    destinationServiceName: known(metric.destination_service_name),
    destinationServiceNamespace: known(metric.destination_service_namespace),
  });
}

function parseReporter(
  value: string | undefined,
): RequestSample['reporter'] | undefined {
  return value === 'source' || value === 'destination' || value === 'waypoint'
    ? value
    : undefined;
}

function parseSecurity(value: string | undefined): SecurityPolicy {
  return value === 'mutual_tls' || value === 'none' ? value : 'unknown';
}

function known(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === 'unknown'
    ? undefined
    : value;
}

function withoutAbsent<T extends Record<string, string | undefined>>(
  fields: T,
): { [K in keyof T]?: string } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: string };
}

function labelKey(metric: Metric): string {
  return Object.keys(metric)
    .sort()
    .map(key => `${key}=${metric[key]}`)
    .join('\n');
}
