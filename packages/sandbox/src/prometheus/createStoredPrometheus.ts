import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPrometheusHandler } from './createPrometheusHandler';
import { PrometheusApi } from './PrometheusApi';
import { StoredSeries, StoredSource } from './StoredSource';

/** One series as it was recorded; samples are epoch milliseconds and value, oldest first. */
export interface RecordedSeries {
  labels: Record<string, string>;
  samples: (readonly [number, number])[];
}

/**
 * The sandbox's Prometheus over recorded series instead of computed ones, as a handler for `node:http` under
 * `/prometheus`. For comparing it with a real Prometheus that holds the same series.
 */
export function createStoredPrometheus(options: {
  series: readonly RecordedSeries[];
  /** Epoch milliseconds; instant queries without a time are asked for it. */
  clock: () => number;
  scrapeIntervalMs: number;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { series, clock, scrapeIntervalMs } = options;
  const source = new StoredSource(
    series.map(
      ({ labels, samples }) =>
        new StoredSeries(
          labels,
          samples.map(([t, v]) => ({ t, v })),
        ),
    ),
  );
  return createPrometheusHandler(
    new PrometheusApi(source, clock, scrapeIntervalMs),
  );
}
