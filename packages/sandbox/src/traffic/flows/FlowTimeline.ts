import { Basis, BASIS_SIZE, dot } from '../basis';
import { LatencyDistribution, LATENCY_BOUNDS } from '../latency';
import type { Peer, PodRef, Protocol, SecurityPolicy } from '../types';
import type { ServiceName } from '../routing/types';

/** Pods that can report a flow. */
export type PodRole = 'client' | 'server' | 'waypoint';

/** What identifies a flow: everything telemetry tells apart. Constant over time. */
export interface FlowIdentity {
  key: string;
  protocol: Protocol;
  client: Peer;
  server?: Peer;
  service?: ServiceName;
  waypoint?: Peer;
  code: string;
  grpcStatus?: string;
  flagsAtSource: string;
  flagsAtServer: string;
  security: SecurityPolicy | 'refused';
  mirror: boolean;
  /** Answered by a proxy or by nobody. */
  local: boolean;
  requestBytes: number;
  responseBytes: number;
}

/** A flow between two changes. */
export interface FlowPhase {
  coefficients: Float64Array;
  latency: LatencyDistribution;
  pods: Record<PodRole, PodRef[]>;
}

interface Segment extends FlowPhase {
  from: number;
  /** Dot product of the coefficients with the integrals at `from`. */
  base: number;
  /** Requests of all segments before. */
  before: number;
  /** The same per role and pod. */
  podBefore: Record<PodRole, Map<string, number>>;
  podIndex: Record<PodRole, Map<string, number>>;
}

const ROLES: PodRole[] = ['client', 'server', 'waypoint'];
const BUCKETS = LATENCY_BOUNDS.length + 1;
/** Keeps an integral that is whole by construction from falling below by rounding. */
const EPSILON = 1e-7;

/**
 * Requests of one flow since the epoch, piecewise: each change of rate, pods or latency starts a segment.
 * Counts are whole numbers, and the parts of the pods always sum to the flow's count.
 */
export class FlowTimeline {
  private readonly segments: Segment[] = [];

  constructor(readonly identity: FlowIdentity, private readonly basis: Basis) {}

  /** Starts a new phase unless nothing changed. A flow that is not continued gets `undefined`. */
  continueWith(at: number, phase: FlowPhase | undefined): void {
    const last = this.segments[this.segments.length - 1];
    if (!last && !phase) return;
    const next = phase ?? {
      ...last,
      coefficients: new Float64Array(BASIS_SIZE),
    };
    if (last && samePhase(last, next)) return;
    const values = this.basis.at(at);
    this.segments.push({
      ...next,
      from: at,
      base: dot(next.coefficients, values),
      before: last ? this.count(at) : 0,
      podBefore: roles(role => (last ? this.podCounts(role, at) : new Map())),
      podIndex: roles(
        role => new Map(next.pods[role].map((pod, index) => [pod.name, index])),
      ),
    });
  }

  /** Whole requests since the epoch. */
  count(at: number): number {
    const segment = this.segmentAt(at);
    return segment ? segment.before + this.inSegment(segment, at) : 0;
  }

  /** The part of one pod. */
  podCount(role: PodRole, pod: string, at: number): number {
    const segment = this.segmentAt(at);
    if (!segment) return 0;
    return (
      (segment.podBefore[role].get(pod) ?? 0) +
      this.podInSegment(segment, { role, pod, at })
    );
  }

  /** Cumulative histogram counts of one pod, by bucket (the last is the count itself). */
  podBucket(
    bucket: number,
    options: { role: PodRole; pod: string; at: number },
  ): number {
    const { at } = options;
    if (bucket === BUCKETS - 1) {
      return this.podCount(options.role, options.pod, at);
    }
    // Rounded to the nearest: cut off, the first request of every segment would be a slowest one.
    return this.overSegments(options, (segment, requests) =>
      Math.round(segment.latency.cumulative[bucket] * requests),
    );
  }

  /** Sum of the durations of one pod's requests, milliseconds. */
  podDuration(options: { role: PodRole; pod: string; at: number }): number {
    return this.overSegments(
      options,
      (segment, requests) => segment.latency.meanMs * requests,
    );
  }

  /** Every pod that ever reported in this role. */
  podsOf(role: PodRole): PodRef[] {
    const pods = new Map<string, PodRef>();
    for (const segment of this.segments) {
      for (const pod of segment.pods[role]) pods.set(pod.name, pod);
    }
    return [...pods.values()];
  }

  private overSegments(
    options: { role: PodRole; pod: string; at: number },
    part: (segment: Segment, requests: number) => number,
  ): number {
    let sum = 0;
    for (let index = 0; index < this.segments.length; index++) {
      const segment = this.segments[index];
      if (segment.from > options.at) break;
      const end = Math.min(
        options.at,
        this.segments[index + 1]?.from ?? options.at,
      );
      const requests = this.podInSegment(segment, { ...options, at: end });
      if (requests > 0) sum += part(segment, requests);
    }
    return sum;
  }

  private segmentAt(at: number): Segment | undefined {
    for (let index = this.segments.length - 1; index >= 0; index--) {
      if (this.segments[index].from <= at) return this.segments[index];
    }
    return undefined;
  }

  /** The two ends of a range are asked for again and again: by every pod and every bucket. */
  private readonly recent = [
    { segment: undefined as Segment | undefined, at: NaN, requests: 0 },
    { segment: undefined as Segment | undefined, at: NaN, requests: 0 },
  ];

  private inSegment(segment: Segment, at: number): number {
    const [newer, older] = this.recent;
    if (newer.at === at && newer.segment === segment) return newer.requests;
    if (older.at === at && older.segment === segment) return older.requests;
    const grown =
      dot(segment.coefficients, this.basis.at(at)) - segment.base + EPSILON;
    const requests = Math.max(0, Math.floor(grown));
    this.recent[0] = older;
    this.recent[1] = newer;
    older.segment = segment;
    older.at = at;
    older.requests = requests;
    return requests;
  }

  private podInSegment(
    segment: Segment,
    options: { role: PodRole; pod: string; at: number },
  ): number {
    const pods = segment.pods[options.role];
    const index = segment.podIndex[options.role].get(options.pod);
    if (index === undefined) return 0;
    const requests = this.inSegment(segment, options.at);
    return Math.floor((requests + index) / pods.length);
  }

  private podCounts(role: PodRole, at: number): Map<string, number> {
    const counts = new Map<string, number>();
    for (const pod of this.podsOf(role)) {
      counts.set(pod.name, this.podCount(role, pod.name, at));
    }
    return counts;
  }
}

function roles<T>(make: (role: PodRole) => T): Record<PodRole, T> {
  return Object.fromEntries(ROLES.map(role => [role, make(role)])) as Record<
    PodRole,
    T
  >;
}

function samePhase(a: FlowPhase, b: FlowPhase): boolean {
  return (
    a.coefficients.every(
      (value, index) => Math.abs(value - b.coefficients[index]) < 1e-12,
    ) &&
    ROLES.every(
      role =>
        a.pods[role].length === b.pods[role].length &&
        a.pods[role].every(
          (pod, index) => pod.name === b.pods[role][index].name,
        ),
    ) &&
    a.latency.meanMs === b.latency.meanMs &&
    a.latency.cumulative.every(
      (value, index) => value === b.latency.cumulative[index],
    )
  );
}
