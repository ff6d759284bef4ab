import type { Call, Peer, PodRef, RequestKind } from '../types';

/** The service a client addressed or was sent to. */
export interface ServiceName {
  host: string;
  name: string;
  namespace: string;
}

/** What the rule that took a request makes the caller's proxy do when it is slow or fails. */
export interface CallLimits {
  timeoutMs?: number;
  retries?: { attempts: number; on: string[] };
}

/** One place where a share of an edge's requests goes. */
export interface Target {
  /** 0..1 of the edge's requests. */
  share: number;
  /** A shadow copy: counted by the server only, never answered to the client. */
  mirror: boolean;
  request: RequestKind;
  service?: ServiceName;
  /** Absent: outside the cluster, or no endpoint. */
  server?: Peer & { key: string };
  serverPods: PodRef[];
  /** Workload port. */
  port: number;
  servicePort: number;
  security: 'mutual_tls' | 'none' | 'refused';
  /** Set when no application answers: the proxy or the connection does. */
  local?: { code: string; grpcStatus?: string; flags: string };
  /** The server's proxy turns it away by its policies. */
  denied?: true;
  /** Injected delay, milliseconds. */
  waitMs: number;
  /** Of the rule that sends there; only what it writes itself. */
  limits?: CallLimits;
  /** Waypoint the request passes. */
  waypoint?: { peer: Peer & { key: string }; pods: PodRef[] };
}

/** A client workload and one of its calls. */
export interface Edge {
  id: string;
  /** `namespace/workload` of the client. */
  client: string;
  call: Call;
  /** Set for edges with a rate of their own. */
  sender?: string;
}

/** An edge with its routing at one moment. */
export interface RoutedEdge {
  edge: Edge;
  client: Peer & { key: string };
  clientPods: PodRef[];
  targets: Target[];
  /** Namespaces whose pods or services took part. */
  namespaces: ReadonlySet<string>;
}
