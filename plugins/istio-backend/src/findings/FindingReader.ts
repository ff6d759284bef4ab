import {
  AnalysisResult,
  ComponentFindings,
  FindingList,
  FindingListQuery,
  FindingRow,
  kindNameOf,
  RULES,
  selectForComponent,
  UnaskedRule,
} from '@istio-backstage/plugin-istio-common';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from '../mesh/ClusterStatuses';
import type { LocatedComponent } from '../mesh/ComponentResolver';
import type { ConcernedComponents } from '../mesh/ConcernedComponents';
import type { Analysed, ClusterAnalyses } from './ClusterAnalyses';
import { mergeClusters } from './mergeClusters';
import { selectFindings } from './selectFindings';

export interface FindingReaderOptions {
  analyses: ClusterAnalyses;
  statuses: ClusterStatuses;
  concerned: ConcernedComponents;
  ownerOf: (entityRef: string) => string | undefined;
}

type AnalysedCluster = Analysed & { cluster: string };

/** Findings of the analysis as components and the mesh page show them. Asks nothing of a cluster. */
export class FindingReader {
  private readonly rows = new ResultCache<FindingRow[]>(10);

  constructor(private readonly options: FindingReaderOptions) {}

  async ofComponent(
    located: LocatedComponent,
  ): Promise<Omit<ComponentFindings, 'entityRef' | 'errors'>> {
    const analysed = await this.analyse(
      located.snapshots.map(({ cluster }) => cluster),
    );
    const found = analysed.flatMap(({ cluster, snapshot, result }) =>
      selectForComponent({
        match: located.match,
        snapshot,
        findings: result.findings,
      }).map(finding => ({ cluster, finding })),
    );
    return {
      findings: mergeClusters(found),
      rules: RULES.length,
      skipped: unasked(analysed),
      clusters: this.options.statuses.describe(located.clusters),
    };
  }

  /**
   * Findings that concern one of the components; with `everything` also those that concern none of them,
   * for who may see the whole mesh.
   */
  async list(request: {
    query: FindingListQuery;
    among: ReadonlySet<string>;
    everything: boolean;
  }): Promise<FindingList> {
    const { query, among, everything } = request;
    const { statuses } = this.options;
    const names = statuses.names();
    const analysed = await this.analyse(names);
    const visible = this.allRows(analysed).flatMap(row => {
      const entityRefs = row.entityRefs.filter(ref => among.has(ref));
      return entityRefs.length > 0 || everything
        ? [{ ...row, entityRefs, ownerRefs: this.ownersOf(entityRefs) }]
        : [];
    });
    return {
      ...selectFindings(visible, query),
      rules: RULES.length,
      skipped: unasked(analysed),
      clusters: statuses.describe(names),
      errors: statuses.errors(names),
    };
  }

  private async analyse(
    clusters: readonly string[],
  ): Promise<AnalysedCluster[]> {
    const analysed = await Promise.all(
      clusters.map(async cluster => {
        const one = await this.options.analyses.of(cluster);
        return one && { cluster, ...one };
      }),
    );
    return analysed.filter((one): one is AnalysedCluster => one !== undefined);
  }

  /** Whoever asks: with all components that the findings concern. */
  private allRows(analysed: readonly AnalysedCluster[]): FindingRow[] {
    const { concerned } = this.options;
    return this.rows.get({
      key: analysed.map(({ cluster }) => cluster).join(','),
      dependsOn: [
        concerned.revision(),
        ...analysed.flatMap(({ snapshot, result }) => [snapshot, result]),
      ],
      compute: () =>
        mergeClusters(
          analysed.flatMap(one =>
            one.result.findings.map(finding => ({
              cluster: one.cluster,
              finding: {
                ...finding,
                entityRefs: this.concernedBy(finding, one),
                ownerRefs: [],
              },
            })),
          ),
        ),
    });
  }

  private concernedBy(
    {
      object: { apiVersion, kind, namespace, name },
    }: AnalysisResult['findings'][number],
    { snapshot }: Analysed,
  ): string[] {
    const kindName = kindNameOf({ apiVersion, kind });
    const object = kindName && snapshot.get(kindName, namespace, name);
    return object ? [...this.options.concerned.of(object, snapshot)] : [];
  }

  private ownersOf(entityRefs: readonly string[]): string[] {
    return [
      ...new Set(entityRefs.flatMap(ref => this.options.ownerOf(ref) ?? [])),
    ].sort();
  }
}

function unasked(analysed: readonly AnalysedCluster[]): UnaskedRule[] {
  return analysed.flatMap(({ cluster, result }) =>
    result.skipped.map(rule => ({ cluster, ...rule })),
  );
}
