import {
  buildObservationQueries,
  failedObservation,
  ObservationQueryName,
  parseObservation,
  PrometheusSample,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type {
  TelemetryProvider,
  TelemetrySeries,
  TelemetryStatus,
} from '@istio-backstage/plugin-istio-node';
import { SharedCache } from '../caching/SharedCache';
import type { PrometheusConfig } from '../config';
import { PrometheusClient, PrometheusError } from './PrometheusClient';

type ObserveOptions = Parameters<TelemetryProvider['observe']>[0];
type SeriesOptions = Parameters<TelemetryProvider['series']>[0];

export interface PrometheusTelemetryOptions {
  clusters: readonly { name: string; prometheus?: PrometheusConfig }[];
  /** Seconds an answer is shared. */
  cacheSeconds: number;
  timeoutSeconds: number;
  /** Milliseconds a caller waits for a first answer before it gets "no answer yet" as a value. */
  patienceMs?: number;
  now?: () => number;
  fetch?: typeof fetch;
}

interface Source {
  client: PrometheusClient;
  scrapeIntervalSeconds: number;
  /** What the newest answer said about the source. */
  last?: { at: number; error?: string; newestSampleAt?: number };
}

const NOT_CONFIGURED =
  'No metrics source is configured for this cluster (istio.clusters[].prometheus)';
const DEFAULT_PATIENCE_MS = 3_000;
/** A source whose newest sample is older than this many scrapes has stopped scraping. */
const STALE_SCRAPES = 4;

/**
 * {@link TelemetryProvider} over Prometheus. Everybody who looks at a namespace in the same few seconds
 * shares one answer; an answer that is a little old is given at once while the next one is fetched.
 * A source that fails or hangs is a value with `error`, and delays nobody beyond the patience.
 */
export class PrometheusTelemetryProvider implements TelemetryProvider {
  static create(
    options: PrometheusTelemetryOptions,
  ): PrometheusTelemetryProvider {
    return new PrometheusTelemetryProvider(options);
  }

  private readonly sources = new Map<string, Source>();
  private readonly observations: SharedCache<TrafficObservation>;
  private readonly newest: SharedCache<PrometheusSample[]>;
  private readonly ranges: SharedCache<TelemetrySeries>;
  private readonly now: () => number;

  private constructor(private readonly options: PrometheusTelemetryOptions) {
    this.now = options.now ?? Date.now;
    const freshMs = options.cacheSeconds * 1000;
    const shared = {
      freshMs,
      staleMs: Math.max(3 * freshMs, 60_000),
      now: this.now,
    };
    this.observations = new SharedCache({ ...shared, maxEntries: 500 });
    // An old answer would call a live source stale: no grace beyond the interval.
    this.newest = new SharedCache({
      freshMs,
      staleMs: freshMs,
      maxEntries: 1000,
      now: this.now,
    });
    this.ranges = new SharedCache({ ...shared, maxEntries: 500 });
    for (const { name, prometheus } of options.clusters) {
      if (!prometheus) continue;
      this.sources.set(name, {
        client: PrometheusClient.create({
          url: prometheus.url,
          headers: prometheus.headers,
          timeoutMs: options.timeoutSeconds * 1000,
          fetch: options.fetch,
        }),
        scrapeIntervalSeconds: prometheus.scrapeIntervalSeconds,
      });
    }
  }

  async observe(options: ObserveOptions): Promise<TrafficObservation> {
    const source = this.sources.get(options.cluster);
    if (!source) return this.failed(options, NOT_CONFIGURED);
    const { cluster, namespace, seconds, since } = options;
    const to = options.to === undefined ? undefined : this.rounded(options.to);
    const key = JSON.stringify([cluster, namespace, since ?? seconds, to]);
    const answer = this.observations.get(key, () =>
      this.fetchObservation(source, { ...options, to }),
    );
    return this.withPatience(answer, () => this.failed(options, noAnswerYet()));
  }

  async series(options: SeriesOptions): Promise<TelemetrySeries> {
    const source = this.sources.get(options.cluster);
    if (!source) return { series: [], error: NOT_CONFIGURED };
    const { cluster, query, stepSeconds } = options;
    const from = roundDown(options.from, stepSeconds * 1000);
    const to = roundDown(options.to, stepSeconds * 1000);
    // The span, not the ends: while time passes, the last answer still serves until the next is there.
    const key = JSON.stringify([cluster, query, to - from, stepSeconds]);
    const answer = this.ranges.get(key, () =>
      this.fetchSeries(source, { ...options, from, to }),
    );
    return this.withPatience(answer, () => ({
      series: [],
      error: noAnswerYet(),
    }));
  }

  status(cluster: string): TelemetryStatus {
    const source = this.sources.get(cluster);
    if (!source) return { state: 'notConfigured', message: NOT_CONFIGURED };
    const { last } = source;
    if (!last) return { state: 'starting' };
    const asOf = last.newestSampleAt;
    if (last.error) return { state: 'unreachable', message: last.error };
    const limitMs = Math.max(
      STALE_SCRAPES * source.scrapeIntervalSeconds * 1000,
      3 * this.options.cacheSeconds * 1000,
    );
    if (asOf !== undefined && last.at - asOf > limitMs) {
      return {
        state: 'stale',
        asOf,
        message: `Prometheus answers, but its newest sample of the mesh is ${Math.round(
          (last.at - asOf) / 1000,
        )} s old`,
      };
    }
    return { state: 'fresh', ...(asOf !== undefined && { asOf }) };
  }

  /** Seconds between two scrapes of the cluster's proxies; undefined without a source. */
  scrapeIntervalOf(cluster: string): number | undefined {
    return this.sources.get(cluster)?.scrapeIntervalSeconds;
  }

  private async fetchObservation(
    source: Source,
    options: ObserveOptions,
  ): Promise<TrafficObservation> {
    const { cluster, namespace, since } = options;
    const to = options.to ?? this.now();
    const seconds =
      since === undefined
        ? options.seconds
        : Math.max(1, Math.floor((to - since) / 1000));
    const window = { to, seconds };
    try {
      const queries = Object.entries(
        buildObservationQueries({ namespace, seconds }),
      ) as [ObservationQueryName, string][];
      const results = await Promise.all(
        queries.map(async ([name, query]) => [
          name,
          await (name === 'newest'
            ? this.newestSample(cluster, source, query)
            : source.client.query(query, to)),
        ]),
      );
      const observation = parseObservation({
        cluster,
        window,
        results: Object.fromEntries(results),
      });
      source.last = {
        at: this.now(),
        newestSampleAt: observation.newestSampleAt,
      };
      return observation;
    } catch (error) {
      const reason = reasonOf(error);
      source.last = { at: this.now(), error: reason };
      return this.failed({ ...options, to, seconds }, reason);
    }
  }

  /** Looks at every series of the cluster, so all namespaces share one answer. */
  private newestSample(
    cluster: string,
    source: Source,
    query: string,
  ): Promise<PrometheusSample[]> | PrometheusSample[] {
    return this.newest.get(cluster, () =>
      source.client.query(query, this.now()),
    );
  }

  private async fetchSeries(
    source: Source,
    options: SeriesOptions,
  ): Promise<TelemetrySeries> {
    try {
      const series = await source.client.queryRange(options);
      return {
        series: series.map(({ metric, values }) => ({
          labels: metric,
          points: values,
        })),
      };
    } catch (error) {
      return { series: [], error: reasonOf(error) };
    }
  }

  private async withPatience<T>(
    answer: Promise<T> | T,
    otherwise: () => T,
  ): Promise<T> {
    if (!(answer instanceof Promise)) return answer;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<T>(resolve => {
      timer = setTimeout(
        () => resolve(otherwise()),
        this.options.patienceMs ?? DEFAULT_PATIENCE_MS,
      );
    });
    try {
      return await Promise.race([answer, patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  private failed(
    { cluster, seconds, to }: ObserveOptions,
    error: string,
  ): TrafficObservation {
    return failedObservation({
      cluster,
      window: { to: to ?? this.now(), seconds },
      error,
    });
  }

  private rounded(time: number): number {
    return roundDown(time, this.options.cacheSeconds * 1000);
  }
}

function noAnswerYet(): string {
  return 'Prometheus has not answered yet';
}

function reasonOf(error: unknown): string {
  return error instanceof PrometheusError
    ? error.message
    : 'The answer of Prometheus could not be read';
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
