import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { RhythmOptions } from './basis';
import type { LatencyProfile } from './latency';

export type Protocol = 'http' | 'grpc' | 'tcp';

/** One sort of request of a call, with its share of the call's requests. */
export interface RequestKind {
  /** 0..1; the kinds of a call sum to 1. */
  share: number;
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** One workload calls one service. */
export interface Call {
  /** Service as `name.namespace`, or a host outside the cluster. */
  to: string;
  /** Service port. */
  port: number;
  protocol: Protocol;
  /** Calls per request handled (for senders: not used). */
  perRequest: number;
  /** Only for requests of these callers (workload or app as `namespace/name`); empty: of all. */
  onlyFrom: string[];
  requests: RequestKind[];
  /** What the caller answers when this call fails; undefined: it copes. */
  failsWith?: { code: string; flags: string };
  /** TCP only: bytes per connection. */
  bytesSent: number;
  bytesReceived: number;
}

/** How a workload behaves, whichever cluster it runs in. */
export interface Behaviour {
  latency: LatencyProfile;
  calls: Call[];
  requestBytes: number;
  responseBytes: number;
}

/** A workload that calls on its own account: a gateway with its visitors, a batch job. */
export interface Sender {
  id: string;
  /** `namespace/name` of the workload. */
  client: string;
  call: Call;
  /** Requests (TCP: connections) per second, before the cluster's share. */
  rate: number;
}

/** A share of the requests of an edge fails. */
export interface FailureRule {
  /** Caller as `namespace/name` (workload or app); undefined: every caller. */
  from?: string;
  /** Callee as `namespace/name` (workload or app), or a host outside the cluster. */
  to: string;
  /** Version of the callee; undefined: all. */
  version?: string;
  /** 0..1. */
  share: number;
  /** HTTP status; `0` for no answer. */
  code: string;
  grpcStatus?: string;
  /** Envoy's flags at the proxy that saw the failure. */
  flags: string;
  /** Milliseconds the failing request waits beforehand. */
  waitMs: number;
}

/** Everything about a cluster's traffic that does not change while it runs. */
export interface TrafficPlan {
  cluster: string;
  rootNamespace: string;
  trustDomain: string;
  domain: string;
  /** Whether proxies name peers outside the mesh by address (PEER_METADATA_DISCOVERY). */
  peerDiscovery: boolean;
  scrapeIntervalMs: number;
  rhythm: RhythmOptions;
  /** By `namespace/name` of the workload. */
  behaviours: Record<string, Behaviour>;
  senders: Sender[];
  failures: FailureRule[];
  istioVersion: string;
  /** Factor on every sender's rate. */
  share: number;
}

/** A change that no Kubernetes object shows. */
export type WorldChange =
  | { type: 'failure'; rule: FailureRule }
  | { type: 'clearFailures' }
  /** Rates and failures of the plan. */
  | { type: 'reset' }
  | { type: 'rate'; sender: string; rate: number };

/** One moment of the history, oldest first. `at` is epoch milliseconds. */
export interface HistoryEvent {
  at: number;
  applied?: KubeObject[];
  removed?: KubeObject[];
  world?: WorldChange[];
}

export type SecurityPolicy = 'mutual_tls' | 'none';

export type MeshMode = 'sidecar' | 'ambient' | 'gateway' | 'waypoint' | 'none';

/** What telemetry says about one side of a flow. */
export interface Peer {
  workload: string;
  namespace: string;
  app: string;
  version: string;
  serviceAccount: string;
  mode: MeshMode;
}

/** A pod that proxies are scraped on. */
export interface PodRef {
  name: string;
  namespace: string;
  ip: string;
}
