import {
  formatMilliseconds,
  formatRate,
  formatShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  ChangeMark,
  GoldenSignal,
  GoldenSignals,
  HealthThresholds,
} from '@istio-backstage/plugin-istio-common';
import type { SparkPoint } from '../../components/buildSparkline';

/** A line of the golden signals table. */
export interface SignalRow {
  signal: GoldenSignal['signal'];
  name: string;
  /** Unit or kind in small type. */
  note: string;
  points: readonly SparkPoint[];
  before: string;
  now: string;
  /** Above the first threshold. */
  alarming: boolean;
  /** Text alternative of the sparkline. */
  label: string;
}

const NAMES: Record<
  GoldenSignal['signal'],
  { name: string; note: string; spoken: string }
> = {
  rate: { name: 'Rate', note: 'req/s', spoken: 'Requests per second' },
  errors: { name: 'Errors', note: '', spoken: 'Share of failed requests' },
  p50: { name: 'p50', note: '', spoken: 'Median latency' },
  p95: { name: 'p95', note: '', spoken: '95th percentile of latency' },
  p99: { name: 'p99', note: '', spoken: '99th percentile of latency' },
};

const NO_VALUE = 'none';

function presentValue(
  unit: GoldenSignal['unit'],
  value: number | undefined,
): string {
  if (value === undefined || !Number.isFinite(value)) return NO_VALUE;
  switch (unit) {
    case 'share':
      return formatShare(value);
    case 'milliseconds':
      return formatMilliseconds(value);
    default:
      return formatRate(value);
  }
}

function isAlarming(
  signal: GoldenSignal,
  thresholds: HealthThresholds | undefined,
): boolean {
  if (signal.now === undefined || !thresholds) return false;
  if (signal.signal === 'errors') {
    return signal.now > thresholds.errors.degraded;
  }
  if (signal.signal === 'p99' && thresholds.latencyP99Ms) {
    return signal.now > thresholds.latencyP99Ms.degraded;
  }
  return false;
}

/**
 * Rows of the golden signals table, in the order rate, errors, latencies. Only values with a
 * threshold are called alarming; latency has one only where it is configured.
 */
export function presentSignals(
  answer: GoldenSignals,
  thresholds?: HealthThresholds,
): SignalRow[] {
  const order = Object.keys(NAMES);
  return [...answer.signals]
    .sort((a, b) => order.indexOf(a.signal) - order.indexOf(b.signal))
    .map(signal => {
      const { name, note, spoken } = NAMES[signal.signal];
      const before = presentValue(signal.unit, signal.before);
      const now = presentValue(signal.unit, signal.now);
      return {
        signal: signal.signal,
        name,
        note,
        points: signal.points,
        before,
        now,
        alarming: isAlarming(signal, thresholds),
        label: `${spoken}: ${
          signal.before === undefined ? '' : `before ${before}, `
        }now ${now}`,
      };
    });
}

/** When errors began, and the change that came just before. */
export interface Onset {
  /** ISO time since which every measured point is above the threshold. */
  since: string;
  /** The newest change in the ten minutes before. */
  after?: ChangeMark;
  /** Seconds from that change to the first point above. */
  secondsAfter?: number;
}

/** A change that came longer before an error than this is not named beside it. */
const NEAR_SECONDS = 600;

/**
 * Since when the share of failed requests is above the threshold without a pause. Undefined when
 * it is not above now, or was above all the time the series covers: then its start is unknown.
 */
export function findOnset(
  answer: GoldenSignals,
  thresholds: HealthThresholds,
): Onset | undefined {
  const points = answer.signals.find(s => s.signal === 'errors')?.points ?? [];
  const measured = points.filter(
    (point): point is [number, number] => point[1] !== null,
  );
  let first = measured.length;
  while (first > 0 && measured[first - 1][1] > thresholds.errors.degraded) {
    first -= 1;
  }
  if (first === measured.length || first === 0) return undefined;

  const sinceMs = measured[first][0] * 1000;
  const before = answer.changes
    .map(change => ({
      change,
      seconds: Math.round((sinceMs - Date.parse(change.at)) / 1000),
    }))
    // The series has one point per step: a change inside the first bad step counts as before.
    .filter(
      ({ seconds }) =>
        seconds >= -answer.stepSeconds && seconds <= NEAR_SECONDS,
    )
    .sort((a, b) => a.seconds - b.seconds)[0];
  return {
    since: new Date(sinceMs).toISOString(),
    after: before?.change,
    secondsAfter: before && Math.max(0, before.seconds),
  };
}
