import {
  AnalysisResult,
  diffSnapshots,
  IncrementalAnalysis,
  MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';

interface Kept {
  snapshot: MeshSnapshot;
  analysis: IncrementalAnalysis;
}

/**
 * The analysis of each cluster, made when somebody first asks and brought up to date by what changed
 * since the last question: a mesh that nobody looks at costs nothing.
 */
export class ClusterAnalyses {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly reader: Pick<MeshReader, 'snapshot'>) {}

  /** Undefined before the cluster's first sync. */
  of(
    cluster: string,
  ): { snapshot: MeshSnapshot; result: AnalysisResult } | undefined {
    const snapshot = this.reader.snapshot(cluster);
    if (!snapshot) return undefined;
    const known = this.kept.get(cluster);
    if (!known) {
      const analysis = IncrementalAnalysis.create({ snapshot });
      this.kept.set(cluster, { snapshot, analysis });
      return { snapshot, result: analysis.result };
    }
    if (known.snapshot !== snapshot) {
      known.analysis.update(
        { snapshot },
        diffSnapshots(known.snapshot, snapshot),
      );
      known.snapshot = snapshot;
    }
    return { snapshot, result: known.analysis.result };
  }
}
