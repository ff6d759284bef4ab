import type { FlowTimeline, PodRole } from '../flows/FlowTimeline';
import { LATENCY_BOUNDS } from '../latency';
import type { Labels, SourceSeries } from '../../prometheus/promql/types';
import { CounterSeries, firstCounted, ScrapeTimes } from './CounterSeries';

/** A flow's part in a group of series. */
export interface Contribution {
  timeline: FlowTimeline;
  /** One pod's part of the flow; undefined: all of it (the node's ztunnel). */
  pod?: { role: PodRole; name: string };
  connectionsPerRequest: number;
}

type Metric = (group: SeriesGroup, at: number) => number;

const MEAN_CONNECTION_MS = 45_000;

const HTTP_METRICS: Record<string, Metric> = {
  istio_requests_total: (group, at) => group.count(at),
  istio_request_duration_milliseconds_count: (group, at) => group.count(at),
  istio_request_duration_milliseconds_sum: (group, at) => group.duration(at),
  istio_request_bytes_count: (group, at) => group.count(at),
  istio_request_bytes_sum: (group, at) => group.bytes('requestBytes', at),
  istio_response_bytes_count: (group, at) => group.count(at),
  istio_response_bytes_sum: (group, at) => group.bytes('responseBytes', at),
};

const GRPC_METRICS: Record<string, Metric> = {
  istio_request_messages_total: (group, at) => group.count(at),
  istio_response_messages_total: (group, at) => group.count(at),
};

const TCP_METRICS: Record<string, Metric> = {
  istio_tcp_connections_opened_total: (group, at) => group.count(at),
  istio_tcp_connections_closed_total: (group, at) =>
    group.count(at - MEAN_CONNECTION_MS),
  istio_tcp_sent_bytes_total: (group, at) => group.bytes('responseBytes', at),
  istio_tcp_received_bytes_total: (group, at) =>
    group.bytes('requestBytes', at),
};

const BUCKET = 'istio_request_duration_milliseconds_bucket';

/** Names of the metrics of a family, for the index. */
export function metricNames(family: 'http' | 'tcp', grpc: boolean): string[] {
  if (family === 'tcp') return Object.keys(TCP_METRICS);
  return [
    ...Object.keys(HTTP_METRICS),
    BUCKET,
    ...(grpc ? Object.keys(GRPC_METRICS) : []),
  ];
}

/** Every series of one label set: the counter, the histogram, the sizes. Built when asked for. */
export class SeriesGroup {
  private readonly contributions: Contribution[] = [];
  private readonly built = new Map<string, SourceSeries[]>();
  private readonly since: (upTo: number) => number | undefined;

  constructor(
    readonly labels: Labels,
    readonly metrics: readonly string[],
    private readonly family: 'http' | 'tcp',
    private readonly times: ScrapeTimes,
  ) {
    this.since = firstCounted(times, at => this.count(at));
  }

  add(contribution: Contribution): void {
    this.contributions.push(contribution);
  }

  /** Whether any of the series has a sample in the range. */
  hasSamples(from: number, to: number): boolean {
    const { until } = this.times;
    if (until !== undefined && until <= from) return false;
    return this.since(to) !== undefined;
  }

  /** Series of one metric name; histograms have one per bucket. `keep`: they are asked for again. */
  series(metric: string, keep: boolean): SourceSeries[] {
    const known = this.built.get(metric);
    if (known) return known;
    const made = metric === BUCKET ? this.buckets() : [this.counter(metric)];
    if (keep) this.built.set(metric, made);
    return made;
  }

  count(at: number): number {
    return this.contributions.reduce(
      (sum, part) => sum + Math.floor(this.units(part, at)),
      0,
    );
  }

  bytes(direction: 'requestBytes' | 'responseBytes', at: number): number {
    return this.contributions.reduce((sum, part) => {
      const perRequest = part.timeline.identity[direction];
      const requests =
        this.family === 'http'
          ? this.units(part, at)
          : this.units(part, at) / (part.connectionsPerRequest || 1);
      return sum + Math.round(requests * perRequest);
    }, 0);
  }

  duration(at: number): number {
    return this.contributions.reduce(
      (sum, { timeline, pod }) =>
        sum +
        (pod
          ? Math.round(
              timeline.podDuration({ role: pod.role, pod: pod.name, at }),
            )
          : 0),
      0,
    );
  }

  private units(
    { timeline, pod, connectionsPerRequest }: Contribution,
    at: number,
  ): number {
    const requests = pod
      ? timeline.podCount(pod.role, pod.name, at)
      : timeline.count(at);
    return this.family === 'http' ? requests : requests * connectionsPerRequest;
  }

  private bucket(index: number, at: number): number {
    return this.contributions.reduce(
      (sum, { timeline, pod }) =>
        sum +
        (pod
          ? timeline.podBucket(index, { role: pod.role, pod: pod.name, at })
          : 0),
      0,
    );
  }

  private counter(metric: string): SourceSeries {
    const value =
      HTTP_METRICS[metric] ?? GRPC_METRICS[metric] ?? TCP_METRICS[metric];
    return new CounterSeries(
      { __name__: metric },
      this.labels,
      this.times,
      at => value(this, at),
      this.since,
    );
  }

  private buckets(): SourceSeries[] {
    return [...LATENCY_BOUNDS, Infinity].map(
      (bound, index) =>
        new CounterSeries(
          {
            __name__: BUCKET,
            le: bound === Infinity ? '+Inf' : String(bound),
          },
          this.labels,
          this.times,
          at => this.bucket(index, at),
          this.since,
        ),
    );
  }
}
