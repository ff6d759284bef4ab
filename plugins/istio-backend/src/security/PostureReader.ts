import {
  assessStrictReadiness,
  MeshPosture,
  MeshSnapshot,
  NamespacePosture,
  PostureQuery,
  StrictReadiness,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { ResultCache } from '../caching/ResultCache';
import type { ClusterStatuses } from '../mesh/ClusterStatuses';
import type { WorkloadDirectory } from '../mesh/WorkloadDirectory';
import { windowUpTo } from '../mesh/windowUpTo';
import type { Evidence, EvidenceTraffic } from './EvidenceTraffic';
import { hideInReadiness, Sight, sightOf } from './hideForeign';

export interface PostureReaderOptions {
  reader: Pick<MeshReader, 'snapshot'>;
  evidence: EvidenceTraffic;
  statuses: ClusterStatuses;
  directory: Pick<WorkloadDirectory, 'ownerOf' | 'matchOf'>;
  now?: () => number;
}

/** A namespace with what the person may see in it. */
interface Place {
  namespace: string;
  clusters: Set<string>;
  entityRefs: Set<string>;
}

/** Namespaces whose traffic is asked for at a time: a day of it costs a source something. */
const AT_ONCE = 3;

/** Kubernetes' own namespaces: nobody puts a policy of the mesh into them. */
const OF_KUBERNETES = /^kube-/;

/** Whether the namespaces of the mesh can go STRICT, one page at a time. Asks nothing of a cluster but its telemetry. */
export class PostureReader {
  private readonly readiness = new ResultCache<StrictReadiness>(500);

  constructor(private readonly options: PostureReaderOptions) {}

  /** `among`: components that the person may see; `everything`: namespaces without any of them too. */
  async list(request: {
    query: PostureQuery & { overSeconds: number };
    among: ReadonlySet<string>;
    everything: boolean;
  }): Promise<MeshPosture> {
    const { query, among, everything } = request;
    const { statuses, now = Date.now } = this.options;
    const names = statuses.names();
    const places = this.placesOf({ among, everything, clusters: names });
    const wanted = places.filter(({ namespace }) =>
      namespace.includes(query.search?.trim().toLowerCase() ?? ''),
    );
    const page = wanted.slice(query.offset, query.offset + query.limit);
    const read: Awaited<ReturnType<PostureReader['assess']>>[] = [];
    for (let index = 0; index < page.length; index += AT_ONCE) {
      const some = page.slice(index, index + AT_ONCE);
      read.push(
        ...(await Promise.all(
          some.map(place => this.assess(place, query.overSeconds, among)),
        )),
      );
    }
    const errors = statuses.errors(names);
    const told = new Set(errors.map(({ message }) => message));
    for (const error of read.flatMap(({ evidence }) => evidence.errors)) {
      if (!told.has(error.message)) errors.push(error);
      told.add(error.message);
    }
    return {
      evidence: windowUpTo(now(), query.overSeconds),
      items: read.map(({ item }) => item),
      total: wanted.length,
      all: places.length,
      clusters: statuses.describe(names),
      errors,
    };
  }

  private placesOf(request: {
    among: ReadonlySet<string>;
    everything: boolean;
    clusters: readonly string[];
  }): Place[] {
    const { among, everything, clusters } = request;
    const places = new Map<string, Place>();
    const placeOf = (namespace: string) => {
      const known = places.get(namespace) ?? {
        namespace,
        clusters: new Set<string>(),
        entityRefs: new Set<string>(),
      };
      places.set(namespace, known);
      return known;
    };
    for (const entityRef of among) {
      const match = this.options.directory.matchOf(entityRef);
      for (const { namespace } of match?.workloads ?? []) {
        placeOf(namespace).entityRefs.add(entityRef);
      }
    }
    for (const cluster of clusters) {
      const snapshot = this.options.reader.snapshot(cluster);
      for (const namespace of namespacesOf(snapshot)) {
        if (everything || places.has(namespace)) {
          placeOf(namespace).clusters.add(cluster);
        }
      }
    }
    return [...places.values()].sort((a, b) =>
      a.namespace < b.namespace ? -1 : 1,
    );
  }

  private async assess(
    { namespace, clusters, entityRefs }: Place,
    seconds: number,
    among: ReadonlySet<string>,
  ): Promise<{ item: NamespacePosture; evidence: Evidence }> {
    const names = [...clusters].sort();
    const evidence = await this.options.evidence.observe({
      clusters: names,
      namespaces: [namespace],
      seconds,
    });
    const snapshots = names.flatMap(
      cluster => this.options.reader.snapshot(cluster) ?? [],
    );
    const readiness = this.readiness.get({
      key: `${namespace} ${seconds}`,
      dependsOn: [
        ...snapshots,
        ...evidence.observations,
        JSON.stringify(evidence.leftOut),
      ],
      compute: () =>
        assessStrictReadiness({
          scope: { kind: 'namespace', namespace },
          snapshots,
          observations: evidence.observations,
          leftOut: evidence.leftOut,
        }),
    });
    const sight: Sight = sightOf(this.options.directory, among);
    return {
      item: {
        namespace,
        clusters: names,
        entityRefs: [...entityRefs].sort(),
        readiness: hideInReadiness(readiness, sight),
      },
      evidence,
    };
  }
}

/** Those with workloads; the control plane's own is not the mesh's to make strict. */
function namespacesOf(snapshot: MeshSnapshot | undefined): string[] {
  if (!snapshot) return [];
  const found = new Set(
    (['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const).flatMap(kind =>
      snapshot.list(kind).map(({ metadata }) => metadata.namespace ?? ''),
    ),
  );
  return [...found].filter(
    namespace =>
      namespace !== snapshot.rootNamespace && !OF_KUBERNETES.test(namespace),
  );
}
