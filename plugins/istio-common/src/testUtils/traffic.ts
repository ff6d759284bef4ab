import {
  RequestSample,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
} from '../telemetry/types';
import { NOW } from './snapshots';

/** `checkout.storefront` or `reviews-v1.catalog@v1`; undefined is "unknown". */
function peer(text: string | undefined): TelemetryPeer {
  if (text === undefined) {
    return {};
  }
  const [name, version] = text.split('@');
  const [workload, namespace] = name.split('.');
  return { workload, namespace, ...(version ? { version } : {}) };
}

export interface TrafficOptions {
  /** `workload.namespace@version`; absent: unknown. */
  from?: string;
  to?: string;
  /** `service.namespace` or an external host (with more than one dot). */
  service?: string;
  cluster?: string;
}

function addressed(text: string | undefined) {
  if (text === undefined) {
    return {};
  }
  const parts = text.split('.');
  return parts.length === 2 && parts[1] !== 'example'
    ? {
        destinationService: `${text}.svc.cluster.local`,
        destinationServiceName: parts[0],
        destinationServiceNamespace: parts[1],
      }
    : { destinationService: text, destinationServiceName: text };
}

/** One series of requests: 200 over HTTP, encrypted, reported by the server, unless told otherwise. */
export function requests(
  count: number,
  options: TrafficOptions &
    Partial<
      Pick<
        RequestSample,
        | 'reporter'
        | 'protocol'
        | 'responseCode'
        | 'grpcStatus'
        | 'responseFlags'
        | 'security'
      >
    > = {},
): RequestSample {
  const { from, to, service, cluster = 'prod-eu', ...rest } = options;
  const reporter = rest.reporter ?? 'destination';
  return {
    cluster,
    reporter,
    protocol: 'http',
    source: peer(from),
    destination: peer(to),
    ...addressed(service),
    responseCode: '200',
    security: reporter === 'source' ? 'unknown' : 'mutual_tls',
    requests: count,
    ...rest,
  };
}

/** The same request series as both proxies report it. */
export function requestsBothSides(
  count: number,
  options: Parameters<typeof requests>[1] = {},
): RequestSample[] {
  return [
    requests(count, { ...options, reporter: 'source', security: 'unknown' }),
    requests(count, { ...options, reporter: 'destination' }),
  ];
}

/** One series of TCP connections. */
export function connections(
  count: number,
  options: TrafficOptions &
    Partial<
      Pick<
        TcpSample,
        | 'reporter'
        | 'responseFlags'
        | 'security'
        | 'connectionsFailed'
        | 'sentBytes'
        | 'receivedBytes'
      >
    > = {},
): TcpSample {
  const { from, to, service, cluster = 'prod-eu', ...rest } = options;
  const reporter = rest.reporter ?? 'destination';
  return {
    cluster,
    reporter,
    source: peer(from),
    destination: peer(to),
    ...addressed(service),
    security: reporter === 'source' ? 'unknown' : 'mutual_tls',
    connectionsOpened: count,
    connectionsFailed: 0,
    sentBytes: 0,
    receivedBytes: 0,
    ...rest,
  };
}

/** Five minutes up to `NOW`. */
export function observation(
  samples: readonly (RequestSample | TcpSample)[],
  options: Partial<TrafficObservation> = {},
): TrafficObservation {
  return {
    cluster: 'prod-eu',
    window: { to: NOW, seconds: 300 },
    requests: samples.filter(
      (sample): sample is RequestSample => 'requests' in sample,
    ),
    tcp: samples.filter(
      (sample): sample is TcpSample => 'connectionsOpened' in sample,
    ),
    latency: [],
    newestSampleAt: NOW - 22_000,
    ...options,
  };
}
