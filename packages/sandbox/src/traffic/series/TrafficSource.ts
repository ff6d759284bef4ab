import { matches } from '../../prometheus/promql/literals';
import type {
  Labels,
  Matcher,
  SampleSource,
  SourceSeries,
} from '../../prometheus/promql/types';
import type { FlowTimeline } from '../flows/FlowTimeline';
import { hash32 } from '../hash';
import type { PodLife, TrafficModel } from '../TrafficModel';
import type { PodRef } from '../types';
import { controlPlaneSeries } from './controlPlane';
import { ScrapeTimes } from './CounterSeries';
import { Report, reportsOf } from './istioLabels';
import { metricNames, SeriesGroup } from './SeriesGroup';

/** Labels with few groups per value: a selector that names one need not look at every group. */
const INDEXED = [
  'destination_workload_namespace',
  'destination_workload',
  'source_workload_namespace',
  'source_workload',
  'destination_service_namespace',
  'destination_service_name',
];

/** Series objects of larger worlds are made anew for each query: their labels would fill the memory. */
const KEPT_GROUPS = 1500;

/** The metrics of a cluster as its Prometheus would hold them, computed from the traffic model when asked. */
export class TrafficSource implements SampleSource {
  private readonly groups = new Map<string, SeriesGroup>();
  private readonly index = new Map<string, SeriesGroup[]>();
  private readonly all: SeriesGroup[] = [];
  private readonly seen = new Map<
    FlowTimeline,
    { reports: Report[]; pods: Set<string> }
  >();
  private control: SourceSeries[] = [];
  private revision = -1;

  private readonly horizon = { at: 0 };

  /** `clock` is the present: no series has samples after it. */
  constructor(
    private readonly model: TrafficModel,
    private readonly clock: () => number,
  ) {}

  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): SourceSeries[] {
    this.refresh();
    this.horizon.at = this.clock();
    if (from > this.horizon.at) return [];
    const names = matchers.filter(matcher => matcher.label === '__name__');
    const rest = matchers.filter(
      matcher => matcher.label !== '__name__' && matcher.label !== 'le',
    );
    const buckets = matchers.filter(matcher => matcher.label === 'le');
    const holds = (labels: Labels, conditions: readonly Matcher[]) =>
      conditions.every(matcher =>
        matches(matcher, labels[matcher.label] ?? ''),
      );
    const nameHolds = (name: string) => holds({ __name__: name }, names);
    const keep = this.all.length <= KEPT_GROUPS;
    const found: SourceSeries[] = [];
    for (const group of this.candidates(rest)) {
      if (!holds(group.labels, rest) || !group.hasSamples(from, to)) continue;
      for (const metric of group.metrics) {
        if (!nameHolds(metric)) continue;
        for (const series of group.series(metric, keep)) {
          if (
            buckets.length === 0 ||
            holds({ le: series.label('le') }, buckets)
          ) {
            found.push(series);
          }
        }
      }
    }
    for (const series of this.control) {
      if (holds(series.labels, matchers) && hasSamples(series, from, to)) {
        found.push(series);
      }
    }
    return found;
  }

  /** How many label sets there are (histograms count once). */
  groupCount(): number {
    this.refresh();
    return this.all.length;
  }

  private candidates(matchers: readonly Matcher[]): SeriesGroup[] {
    let best = this.all;
    for (const { label, op, value } of matchers) {
      if (op !== '=' || value === '' || !INDEXED.includes(label)) continue;
      const list = this.index.get(`${label}=${value}`) ?? [];
      if (list.length < best.length) best = list;
    }
    return best;
  }

  private refresh(): void {
    const revision = this.model.revision();
    if (revision === this.revision) return;
    this.revision = revision;
    const ztunnels = this.model.pods().filter(pod => pod.app === 'ztunnel');
    for (const timeline of this.model.timelines()) {
      let known = this.seen.get(timeline);
      if (!known) {
        known = {
          reports: reportsOf(timeline.identity, this.model.plan),
          pods: new Set(),
        };
        this.seen.set(timeline, known);
      }
      for (const [order, report] of known.reports.entries()) {
        this.cover(timeline, { report, order, ztunnels, pods: known.pods });
      }
    }
    this.control = controlPlaneSeries(this.model, {
      timesOf: pod => this.timesOf(pod),
      targetLabels,
      hasProxy: pod => this.reporting.has(`${pod.namespace}/${pod.name}`),
    });
  }

  private readonly reporting = new Set<string>();

  /** Adds the groups of a report's pods that are not there yet. */
  private cover(
    timeline: FlowTimeline,
    options: {
      report: Report;
      order: number;
      ztunnels: PodLife[];
      pods: Set<string>;
    },
  ): void {
    const { report } = options;
    const { ztunnels } = options;
    const nodeProxy =
      ztunnels[hash32(timeline.identity.key) % Math.max(1, ztunnels.length)];
    const pods: PodRef[] =
      report.pods === 'ztunnel'
        ? [nodeProxy].filter(pod => pod !== undefined)
        : timeline.podsOf(report.pods);
    for (const pod of pods) {
      const once = `${options.order}/${
        report.pods === 'ztunnel' ? 'node' : pod.name
      }`;
      if (options.pods.has(once)) continue;
      options.pods.add(once);
      this.reporting.add(`${pod.namespace}/${pod.name}`);
      this.groupFor(timeline, report, pod).add({
        timeline,
        pod:
          report.pods === 'ztunnel'
            ? undefined
            : { role: report.pods, name: pod.name },
        connectionsPerRequest: report.connectionsPerRequest,
      });
    }
  }

  private groupFor(
    timeline: FlowTimeline,
    report: Report,
    pod: PodRef,
  ): SeriesGroup {
    const labels: Labels = { ...report.labels, ...targetLabels(pod) };
    const key = `${report.family}|${Object.values(labels).join('|')}`;
    let group = this.groups.get(key);
    if (!group) {
      const life = this.model.life(pod.namespace, pod.name);
      group = new SeriesGroup(
        labels,
        metricNames(report.family, timeline.identity.protocol === 'grpc'),
        report.family,
        this.timesOf(life ?? { ...pod, app: '', from: this.model.epoch }),
      );
      this.groups.set(key, group);
      this.all.push(group);
      for (const label of INDEXED) {
        const entry = `${label}=${labels[label]}`;
        const list = this.index.get(entry);
        if (list) list.push(group);
        else this.index.set(entry, [group]);
      }
    }
    return group;
  }

  /** The life is read when a sample is asked for: a pod may end later. */
  private timesOf(pod: PodLife): ScrapeTimes {
    const { scrapeIntervalMs } = this.model.plan;
    const slots = Math.max(1, Math.floor(scrapeIntervalMs / 1000));
    return {
      intervalMs: scrapeIntervalMs,
      offsetMs: (hash32(pod.name) % slots) * 1000,
      from: pod.from,
      horizon: this.horizon,
      get until() {
        return pod.until;
      },
    };
  }
}

function targetLabels(pod: PodRef): Record<string, string> {
  return {
    instance: `${pod.ip || pod.name}:15020`,
    job: 'kubernetes-pods',
    namespace: pod.namespace,
    pod: pod.name,
  };
}

function hasSamples(series: SourceSeries, from: number, to: number): boolean {
  const summary = {
    count: 0,
    firstT: 0,
    firstV: 0,
    lastT: 0,
    lastV: 0,
    resetCorrection: 0,
  };
  return series.summarise(from, to, summary);
}
