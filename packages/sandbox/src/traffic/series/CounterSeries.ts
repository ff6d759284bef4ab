import type {
  Labels,
  SampleSlot,
  SourceSeries,
  WindowSummary,
} from '../../prometheus/promql/types';

/** When a target is scraped: every `intervalMs`, shifted by `offsetMs`, from `from` until `until` (exclusive). */
export interface ScrapeTimes {
  intervalMs: number;
  offsetMs: number;
  from: number;
  until?: number;
  /** Nothing is scraped after this moment: the present. */
  horizon: { readonly at: number };
}

/** First scrape at or after a moment. */
export function scrapeAtOrAfter(times: ScrapeTimes, at: number): number {
  const { intervalMs, offsetMs } = times;
  return Math.ceil((at - offsetMs) / intervalMs) * intervalMs + offsetMs;
}

/** Last scrape at or before a moment. */
export function scrapeAtOrBefore(times: ScrapeTimes, at: number): number {
  const { intervalMs, offsetMs } = times;
  return Math.floor((at - offsetMs) / intervalMs) * intervalMs + offsetMs;
}

/**
 * A series whose value is a function of time that never falls: samples are computed, not stored. `since` is
 * the first scrape with a value (a counter appears with its first event), undefined when there is none up to
 * the given time.
 */
export class CounterSeries implements SourceSeries {
  private made?: Labels;

  /** @param own - labels of this series alone; the shared ones are copied only when somebody asks for all. */
  constructor(
    private readonly own: Labels,
    private readonly shared: Labels,
    private readonly times: ScrapeTimes,
    private readonly value: (at: number) => number,
    private readonly since: (upTo: number) => number | undefined,
  ) {}

  get labels(): Labels {
    this.made ??= { ...this.own, ...this.shared };
    return this.made;
  }

  label(name: string): string {
    return this.own[name] ?? this.shared[name] ?? '';
  }

  latest(from: number, to: number, slot: SampleSlot): boolean {
    const { until, horizon } = this.times;
    const last = scrapeAtOrBefore(this.times, Math.min(to, horizon.at));
    // The scrape that misses the target writes a staleness marker.
    if (until !== undefined && last >= until) return false;
    const since = this.since(to);
    if (since === undefined || last < since || last < from) return false;
    slot.t = last;
    slot.v = this.value(last);
    return true;
  }

  summarise(from: number, to: number, summary: WindowSummary): boolean {
    const range = this.range(from, to);
    if (!range) return false;
    summary.firstT = range.first;
    summary.lastT = range.last;
    summary.firstV = this.value(range.first);
    summary.lastV =
      range.last === range.first ? summary.firstV : this.value(range.last);
    summary.count = (range.last - range.first) / this.times.intervalMs + 1;
    summary.resetCorrection = 0;
    return true;
  }

  samples(from: number, to: number): SampleSlot[] {
    const range = this.range(from, to);
    if (!range) return [];
    const samples: SampleSlot[] = [];
    for (let t = range.first; t <= range.last; t += this.times.intervalMs) {
      samples.push({ t, v: this.value(t) });
    }
    return samples;
  }

  private range(
    from: number,
    to: number,
  ): { first: number; last: number } | undefined {
    const since = this.since(to);
    if (since === undefined) return undefined;
    const first = scrapeAtOrAfter(this.times, Math.max(from, since));
    const { until, horizon } = this.times;
    const newest = Math.min(to, horizon.at);
    const end = until !== undefined && until <= newest ? until - 1 : newest;
    const last = scrapeAtOrBefore(this.times, end);
    return last < first ? undefined : { first, last };
  }
}

/** Finds the first scrape at which a growing count is positive, and remembers it. */
export function firstCounted(
  times: ScrapeTimes,
  count: (at: number) => number,
): (upTo: number) => number | undefined {
  let found: number | undefined;
  return upTo => {
    if (found !== undefined) return found <= upTo ? found : undefined;
    const end = scrapeAtOrBefore(times, Math.min(upTo, times.horizon.at));
    const start = scrapeAtOrAfter(times, times.from);
    if (end < start || count(end) < 1) return undefined;
    let low = start;
    let high = end;
    while (low < high) {
      const steps = Math.floor((high - low) / times.intervalMs / 2);
      const middle = low + steps * times.intervalMs;
      if (count(middle) >= 1) high = middle;
      else low = middle + times.intervalMs;
    }
    found = high;
    return found;
  };
}
