import {
  failedObservation,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type {
  TelemetryProvider,
  TelemetrySeries,
  TelemetryStatus,
} from '../types';

type ObserveOptions = Parameters<TelemetryProvider['observe']>[0];
type SeriesOptions = Parameters<TelemetryProvider['series']>[0];

/** Answers one question from memory; `error` makes it a source that fails. */
export type MemoryTraffic = Partial<
  Pick<TrafficObservation, 'requests' | 'tcp' | 'latency' | 'error'>
>;

/** A {@link TelemetryProvider} whose traffic is given; every question that was asked is kept. */
export class MemoryTelemetryProvider implements TelemetryProvider {
  readonly asked: ObserveOptions[] = [];
  private readonly traffic = new Map<
    string,
    MemoryTraffic | ((options: ObserveOptions) => MemoryTraffic)
  >();
  private readonly lines = new Map<string, TelemetrySeries>();

  constructor(
    private readonly options: {
      now?: () => number;
      scrapeIntervalSeconds?: number;
    } = {},
  ) {}

  setTraffic(
    cluster: string,
    traffic: MemoryTraffic | ((options: ObserveOptions) => MemoryTraffic),
  ): this {
    this.traffic.set(cluster, traffic);
    return this;
  }

  /** Every range query of the cluster gets this answer. */
  setSeries(cluster: string, series: TelemetrySeries): this {
    this.lines.set(cluster, series);
    return this;
  }

  async observe(options: ObserveOptions): Promise<TrafficObservation> {
    this.asked.push(options);
    const { cluster } = options;
    const to = options.to ?? this.now();
    const seconds =
      options.since === undefined
        ? options.seconds
        : Math.round((to - options.since) / 1000);
    const window = { to, seconds };
    const given = this.traffic.get(cluster);
    const traffic = typeof given === 'function' ? given(options) : given;
    const error = traffic ? traffic.error : 'No metrics source is configured';
    if (error !== undefined)
      return failedObservation({ cluster, window, error });
    return {
      cluster,
      window,
      requests: traffic?.requests ?? [],
      tcp: traffic?.tcp ?? [],
      latency: traffic?.latency ?? [],
      newestSampleAt: to,
    };
  }

  async series({ cluster }: SeriesOptions): Promise<TelemetrySeries> {
    return (
      this.lines.get(cluster) ?? {
        series: [],
        error: 'No metrics source is configured',
      }
    );
  }

  status(cluster: string): TelemetryStatus {
    const traffic = this.traffic.get(cluster);
    if (!traffic) return { state: 'notConfigured' };
    if (typeof traffic !== 'function' && traffic.error !== undefined) {
      return { state: 'unreachable', message: traffic.error };
    }
    return { state: 'fresh', asOf: this.now() };
  }

  scrapeIntervalOf(cluster: string): number | undefined {
    return this.traffic.has(cluster)
      ? this.options.scrapeIntervalSeconds ?? 5
      : undefined;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
