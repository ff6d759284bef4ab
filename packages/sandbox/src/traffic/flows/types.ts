import type { LatencyProfile } from '../latency';
import type { RoutedEdge, Target } from '../routing/types';

/** One way a request of an edge ends. */
export interface Outcome {
  target: Target;
  /** 0..1 of the edge's requests; mirrored outcomes do not count towards 1. */
  share: number;
  code: string;
  grpcStatus?: string;
  /** Envoy flags as the client's proxy reports them. */
  flagsAtSource: string;
  flagsAtServer: string;
  waitMs: number;
  profile: LatencyProfile;
  failed: boolean;
  /** Id of the server's own edge whose failure this outcome passes on. */
  causedBy?: string;
}

/** An edge with everything that is constant until the next change. */
export interface ResolvedEdge {
  routed: RoutedEdge;
  outcomes: Outcome[];
  /** Coefficients of the rate functions, see Basis. */
  coefficients: Float64Array;
}
