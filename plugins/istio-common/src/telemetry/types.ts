/**
 * Traffic as numbers over one closed window; the shell fetches, the core interprets. Counters are
 * increases over the window (Prometheus `increase`), so they may be fractional.
 */
export interface TrafficWindow {
  /** Epoch milliseconds of the window's end. */
  to: number;
  seconds: number;
}

/** A workload as telemetry names it; absent fields were "unknown" in the series. */
export interface TelemetryPeer {
  workload?: string;
  namespace?: string;
  canonicalService?: string;
  /** `*_canonical_revision`, else `*_version`; undefined when "unknown" or "latest". */
  version?: string;
  /** SPIFFE id, e.g. `spiffe://cluster.local/ns/shop/sa/checkout`. */
  principal?: string;
  cluster?: string;
}

/** `connection_security_policy`; clients always report `unknown`. */
export type SecurityPolicy = 'mutual_tls' | 'none' | 'unknown';

/** One series of `istio_requests_total` (HTTP and gRPC). Istio 1.31 standard metrics. */
export interface RequestSample {
  /** Cluster id of the portal's configuration that the sample was read from. */
  cluster: string;
  reporter: 'source' | 'destination' | 'waypoint';
  protocol: 'http' | 'grpc';
  source: TelemetryPeer;
  destination: TelemetryPeer;
  /** Host the client addressed, e.g. `reviews.catalog.svc.cluster.local`. */
  destinationService?: string;
  destinationServiceName?: string;
  destinationServiceNamespace?: string;
  /** HTTP status as text; "0" is a connection that got no response. */
  responseCode: string;
  /** gRPC status number as text; undefined for plain HTTP. */
  grpcStatus?: string;
  /** Envoy response flags, "-" for none. */
  responseFlags?: string;
  security: SecurityPolicy;
  requests: number;
}

/** One series of the TCP counters. */
export interface TcpSample {
  cluster: string;
  reporter: 'source' | 'destination' | 'waypoint';
  source: TelemetryPeer;
  destination: TelemetryPeer;
  destinationService?: string;
  destinationServiceName?: string;
  destinationServiceNamespace?: string;
  responseFlags?: string;
  security: SecurityPolicy;
  connectionsOpened: number;
  /** ztunnel only; 0 where no source reports it. */
  connectionsFailed: number;
  sentBytes: number;
  receivedBytes: number;
}

/** Latency of inbound requests of one workload, milliseconds; undefined where there were none. */
export interface LatencySample {
  cluster: string;
  workload: string;
  namespace: string;
  p50?: number;
  p95?: number;
  p99?: number;
}

/** Everything one window of one cluster's telemetry said, or why it said nothing. */
export interface TrafficObservation {
  cluster: string;
  window: TrafficWindow;
  requests: RequestSample[];
  tcp: TcpSample[];
  latency: LatencySample[];
  /** Epoch milliseconds of the newest sample the source holds; undefined when unknown. */
  newestSampleAt?: number;
  /** Set when the source did not answer: then the arrays are empty and mean nothing. */
  error?: string;
}
