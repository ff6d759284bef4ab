import {
  compareSeverity,
  ComponentFindings,
  EntityMatch,
  FindingList,
  FindingListQuery,
  FindingRow,
  RULES,
  selectForComponent,
  SourceError,
  UnaskedRule,
} from '@istio-backstage/plugin-istio-common';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from '../mesh/ClusterStatuses';
import type { LocatedComponent } from '../mesh/ComponentResolver';
import type { ClusterAnalyses } from './ClusterAnalyses';
import { selectFindings } from './selectFindings';

export interface FindingReaderOptions {
  analyses: ClusterAnalyses;
  statuses: ClusterStatuses;
  /** A component's part of the clusters; undefined before it was read. */
  matchOf: (entityRef: string) => EntityMatch | undefined;
  /** Grows when any component's match changed. */
  revision: () => number;
}

/** Findings of the analysis as components and the mesh page show them. Asks nothing of a cluster. */
export class FindingReader {
  private readonly rows = new ResultCache<FindingRow[]>(100);

  constructor(private readonly options: FindingReaderOptions) {}

  ofComponent(
    located: LocatedComponent,
  ): Omit<ComponentFindings, 'entityRef' | 'errors'> {
    const { analyses, statuses } = this.options;
    const running = located.snapshots.map(({ cluster }) => cluster);
    const findings = running.flatMap(cluster => {
      const analysed = analyses.of(cluster);
      return analysed
        ? selectForComponent({
            match: located.match,
            snapshot: analysed.snapshot,
            findings: analysed.result.findings,
          }).map(finding => ({ cluster, ...finding }))
        : [];
    });
    return {
      findings: findings.sort(compareSeverity),
      rules: RULES.length,
      skipped: this.unasked(running),
      clusters: statuses.describe(located.clusters),
    };
  }

  /**
   * Findings that concern one of the components; with `everything` also those that concern none of them,
   * for who may see the whole mesh.
   */
  list(request: {
    query: FindingListQuery;
    among: ReadonlySet<string>;
    everything: boolean;
  }): FindingList {
    const { query, among, everything } = request;
    const { statuses } = this.options;
    const names = statuses.names();
    const visible = names
      .flatMap(cluster => this.rowsOf(cluster, among))
      .filter(row => everything || row.entityRefs.length > 0)
      .sort(compareSeverity);
    const errors: SourceError[] = statuses.errors(names);
    return {
      ...selectFindings(visible, query),
      rules: RULES.length,
      skipped: this.unasked(names),
      clusters: statuses.describe(names),
      errors,
    };
  }

  private rowsOf(cluster: string, among: ReadonlySet<string>): FindingRow[] {
    const analysed = this.options.analyses.of(cluster);
    if (!analysed) return [];
    const { snapshot, result } = analysed;
    const components = [...among].sort();
    return this.rows.get({
      key: `${cluster} ${components.join(',')}`,
      dependsOn: [snapshot, result, this.options.revision()],
      compute: () => {
        const concerned = new Map<unknown, string[]>();
        for (const entityRef of components) {
          const match = this.options.matchOf(entityRef);
          if (!match) continue;
          for (const finding of selectForComponent({
            match,
            snapshot,
            findings: result.findings,
          })) {
            const refs = concerned.get(finding);
            if (refs) refs.push(entityRef);
            else concerned.set(finding, [entityRef]);
          }
        }
        return result.findings.map(finding => ({
          cluster,
          ...finding,
          entityRefs: concerned.get(finding) ?? [],
        }));
      },
    });
  }

  private unasked(clusters: readonly string[]): UnaskedRule[] {
    return clusters.flatMap(cluster =>
      (this.options.analyses.of(cluster)?.result.skipped ?? []).map(rule => ({
        cluster,
        ...rule,
      })),
    );
  }
}
