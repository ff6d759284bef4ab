import { doInSlices } from '../caching/doInSlices';
import {
  AnalysisResult,
  diffSnapshots,
  IncrementalAnalysis,
  MeshSnapshot,
  RuleContext,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';

import type { GatewayCertificates } from '../mesh/GatewayCertificates';

interface Kept {
  context: RuleContext;
  analysis: IncrementalAnalysis;
}

export interface Analysed {
  snapshot: MeshSnapshot;
  result: AnalysisResult;
}

export interface ClusterAnalysesOptions {
  reader: Pick<MeshReader, 'snapshot'>;
  telemetry: Pick<TelemetryProvider, 'observe'>;
  certificates: Pick<GatewayCertificates, 'of'>;
  /** Whether the cluster answers: the traffic of one that does not is of another time than its objects. */
  isCurrent: (cluster: string) => boolean;
  now?: () => number;
}

/** What rules about traffic look at; the same window as the list of components, so that it is asked once. */
const WINDOW_SECONDS = 300;
/** How often rules about times are asked again when nothing else changes. */
const CLOCK_MS = 60_000;

/**
 * The analysis of each cluster, made when somebody first asks and brought up to date by what changed
 * since the last question: a mesh that nobody looks at costs nothing.
 */
export class ClusterAnalyses {
  private readonly kept = new Map<string, Kept>();
  private readonly beginning = new Map<string, Promise<void>>();

  constructor(private readonly options: ClusterAnalysesOptions) {}

  /** Undefined before the cluster's first sync. */
  async of(cluster: string): Promise<Analysed | undefined> {
    if (!this.options.reader.snapshot(cluster)) return undefined;
    const traffic = await this.observe(cluster);
    const { reader, certificates, now = Date.now } = this.options;
    const present = reader.snapshot(cluster);
    if (!present) return undefined;
    const read = await certificates.of(present);
    const snapshot = reader.snapshot(cluster) ?? present;
    const context = {
      snapshot,
      ...(traffic && { traffic }),
      now: Math.floor(now() / CLOCK_MS) * CLOCK_MS,
      certificates: read,
    };
    const known = this.kept.get(cluster);
    if (!known) {
      await this.analyse(cluster, context);
      // The cluster may have moved on meanwhile.
      return this.of(cluster);
    }
    if (!isSame(known.context, context)) {
      const { snapshot: before } = known.context;
      known.analysis.update(
        context,
        before === snapshot ? [] : diffSnapshots(before, snapshot),
      );
      known.context = context;
    }
    return { snapshot, result: known.analysis.result };
  }

  /** Thousands of objects and a hundred rules: in slices, and once for all who ask meanwhile. */
  private analyse(cluster: string, context: RuleContext): Promise<void> {
    const present = this.beginning.get(cluster);
    if (present) return present;
    const { analysis, steps } = IncrementalAnalysis.begin(context);
    const whole = doInSlices(steps, () => {})
      .then(() => {
        this.kept.set(cluster, { context, analysis });
      })
      .finally(() => this.beginning.delete(cluster));
    this.beginning.set(cluster, whole);
    return whole;
  }

  /** Undefined where nothing could be measured: rules about traffic are skipped then, never guessed. */
  private async observe(
    cluster: string,
  ): Promise<TrafficObservation | undefined> {
    if (!this.options.isCurrent(cluster)) return undefined;
    const observed = await this.options.telemetry.observe({
      cluster,
      seconds: WINDOW_SECONDS,
    });
    return observed.error === undefined ? observed : undefined;
  }
}

function isSame(a: RuleContext, b: RuleContext): boolean {
  return (
    a.snapshot === b.snapshot &&
    a.traffic === b.traffic &&
    a.now === b.now &&
    a.certificates === b.certificates
  );
}
