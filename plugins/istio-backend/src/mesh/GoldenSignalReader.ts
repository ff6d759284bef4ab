import {
  buildGoldenSignalQueries,
  ChangeMark,
  EntityMatch,
  GoldenSignal,
  GoldenSignals,
  SourceError,
} from '@istio-backstage/plugin-istio-common';
import type { TelemetryProvider } from '@istio-backstage/plugin-istio-node';
import { combineSignals, SignalName, SignalPoints } from './combineSignals';

const SIGNALS: readonly SignalName[] = ['rate', 'errors', 'p50', 'p95', 'p99'];

const UNITS: Record<SignalName, GoldenSignal['unit']> = {
  rate: 'requestsPerSecond',
  errors: 'share',
  p50: 'milliseconds',
  p95: 'milliseconds',
  p99: 'milliseconds',
};

/** Points of one sparkline. */
const POINTS = 60;
const MIN_STEP_SECONDS = 15;
/** A rate needs this many samples. */
const MIN_SCRAPES = 4;

/**
 * The sparklines of a component. Several clusters: rates add up, error shares are weighted with the rates,
 * and a latency is that of the slowest cluster, because quantiles of different populations cannot be merged.
 */
export async function readGoldenSignals(options: {
  telemetry: TelemetryProvider;
  match: EntityMatch;
  /** Clusters whose traffic counts. */
  clusters: readonly string[];
  seconds: number;
  now: number;
  changes: ChangeMark[];
}): Promise<Omit<GoldenSignals, 'entityRef'>> {
  const { telemetry, match, clusters, seconds, now, changes } = options;
  const stepSeconds = Math.max(MIN_STEP_SECONDS, Math.round(seconds / POINTS));
  const to = Math.floor(now / 1000 / stepSeconds) * stepSeconds;
  const from = to - seconds;
  const errors: SourceError[] = [];
  let shownQuery = '';
  const perCluster = await Promise.all(
    clusters.map(async cluster => {
      const workloads = match.workloads.filter(one => one.cluster === cluster);
      const scrape = telemetry.scrapeIntervalOf(cluster) ?? 0;
      const queries = buildGoldenSignalQueries({
        workloads,
        rateSeconds: Math.max(MIN_SCRAPES * scrape, 2 * stepSeconds, 60),
      });
      shownQuery ||= queries.rate;
      return readCluster({
        cluster,
        queries,
        read: query =>
          telemetry.series({
            cluster,
            query,
            from: from * 1000,
            to: to * 1000,
            stepSeconds,
          }),
        errors,
      });
    }),
  );
  const times = timesBetween(from, to, stepSeconds);
  const combined = combineSignals(perCluster, times);
  const inRange = changes.filter(({ at }) => Date.parse(at) >= from * 1000);
  const span = spanBefore({ from, to, changedAt: lastChangeAt(inRange) });
  return {
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
    stepSeconds,
    signals: SIGNALS.map(signal => ({
      signal,
      unit: UNITS[signal],
      points: combined[signal],
      ...compare(combined[signal], span),
    })),
    comparedWith: span.with,
    changes: inRange,
    query: shownQuery,
    errors,
  };
}

async function readCluster(options: {
  cluster: string;
  queries: Record<SignalName, string>;
  read: (query: string) => ReturnType<TelemetryProvider['series']>;
  errors: SourceError[];
}): Promise<SignalPoints> {
  const { cluster, queries, read, errors } = options;
  const answers = await Promise.all(SIGNALS.map(name => read(queries[name])));
  const problem = answers.find(answer => answer.error !== undefined)?.error;
  if (problem !== undefined) {
    errors.push({
      cluster,
      source: 'prometheus',
      message: `${problem} (cluster ${cluster})`,
    });
  }
  const points = (name: SignalName) =>
    new Map(answers[SIGNALS.indexOf(name)].series[0]?.points ?? []);
  return {
    rate: points('rate'),
    errors: points('errors'),
    p50: points('p50'),
    p95: points('p95'),
    p99: points('p99'),
  };
}

function timesBetween(from: number, to: number, step: number): number[] {
  const times: number[] = [];
  for (let at = from; at <= to; at += step) times.push(at);
  return times;
}

function lastChangeAt(changes: ChangeMark[]): number | undefined {
  const times = changes
    .filter(({ state }) => !['denied', 'conflict', 'failed'].includes(state))
    .map(({ at }) => Date.parse(at) / 1000);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** The part of the line that the newest value is compared with, epoch seconds. */
interface Span {
  from: number;
  /** Exclusive. */
  to: number;
  with: GoldenSignals['comparedWith'];
}

/** A page's window is this part of its line; the window before is as long. */
const WINDOWS_PER_LINE = 6;

/** All that was before the last change, where one is in the range; else the window before the present one. */
function spanBefore(options: {
  from: number;
  to: number;
  changedAt: number | undefined;
}): Span {
  const { from, to, changedAt } = options;
  if (changedAt !== undefined) {
    return { from, to: changedAt, with: { kind: 'change' } };
  }
  const seconds = Math.round((to - from) / WINDOWS_PER_LINE);
  return {
    from: to - 2 * seconds,
    to: to - seconds,
    with: { kind: 'window', seconds },
  };
}

/** `now` is the newest value; `before` the average of what it is compared with. */
function compare(
  points: GoldenSignal['points'],
  span: Span,
): Pick<GoldenSignal, 'before' | 'now'> {
  const now = [...points].reverse().find(([, value]) => value !== null)?.[1];
  const earlier = points.flatMap(([at, value]) =>
    at >= span.from && at < span.to && value !== null ? [value] : [],
  );
  const sum = earlier.reduce((total, value) => total + value, 0);
  return {
    ...(earlier.length > 0 && { before: sum / earlier.length }),
    ...(now !== undefined && now !== null && { now }),
  };
}
