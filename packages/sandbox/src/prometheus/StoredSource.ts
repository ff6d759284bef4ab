import { matches } from './promql/literals';
import type {
  Labels,
  Matcher,
  SampleSlot,
  SampleSource,
  SourceSeries,
  WindowSummary,
} from './promql/types';

/** A series that is a list of samples, oldest first. */
export class StoredSeries implements SourceSeries {
  constructor(
    readonly labels: Labels,
    private readonly list: readonly SampleSlot[],
  ) {}

  label(name: string): string {
    return this.labels[name] ?? '';
  }

  latest(from: number, to: number, slot: SampleSlot): boolean {
    const found = this.samples(from, to).pop();
    if (!found) return false;
    slot.t = found.t;
    slot.v = found.v;
    return true;
  }

  summarise(from: number, to: number, summary: WindowSummary): boolean {
    const samples = this.samples(from, to);
    if (samples.length === 0) return false;
    const last = samples[samples.length - 1];
    summary.count = samples.length;
    summary.firstT = samples[0].t;
    summary.firstV = samples[0].v;
    summary.lastT = last.t;
    summary.lastV = last.v;
    summary.resetCorrection = 0;
    samples.forEach((sample, index) => {
      const before = samples[index - 1]?.v;
      if (before !== undefined && sample.v < before) {
        summary.resetCorrection += before;
      }
    });
    return true;
  }

  samples(from: number, to: number): SampleSlot[] {
    return this.list.filter(({ t }) => t >= from && t <= to);
  }
}

/** Series held in memory. */
export class StoredSource implements SampleSource {
  constructor(private readonly series: StoredSeries[]) {}

  select(matchers: readonly Matcher[]): SourceSeries[] {
    return this.series.filter(({ labels }) =>
      matchers.every(matcher => matches(matcher, labels[matcher.label] ?? '')),
    );
  }
}
