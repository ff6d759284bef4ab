import { NotFoundError } from '@backstage/errors';
import {
  describeManagement,
  kindNameOf,
  KindName,
  KubeObject,
  MeshSnapshot,
  namespacedName,
  ObjectQuery,
  ObjectView,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { dropBookkeeping, isKeptInPart } from '../clusters/keepNeededFields';
import type { ClusterStatuses } from '../mesh/ClusterStatuses';
import type { ConcernedComponents } from '../mesh/ConcernedComponents';

export interface ObjectReaderOptions {
  reader: Pick<MeshReader, 'snapshot'>;
  statuses: ClusterStatuses;
  concerned: ConcernedComponents;
}

interface Found {
  object: KubeObject;
  kind: KindName;
  snapshot: MeshSnapshot;
}

/** Single objects out of the watches; asks nothing of a cluster. Only kinds of the table: never a Secret. */
export class ObjectReader {
  constructor(private readonly options: ObjectReaderOptions) {}

  /** Throws NotFoundError, the same for what does not exist and for what concerns none of the components. */
  read(request: {
    query: ObjectQuery;
    among: ReadonlySet<string>;
    everything: boolean;
  }): ObjectView {
    const { query, among, everything } = request;
    const found = this.find(query);
    const entityRefs = found
      ? this.options.concerned
          .of(found.object, found.snapshot)
          .filter(ref => among.has(ref))
      : [];
    if (!found || (entityRefs.length === 0 && !everything)) {
      throw new NotFoundError(
        `Cluster ${query.cluster} has no ${query.kind} ${namespacedName(
          query,
        )}, or it concerns no component that you may see`,
      );
    }
    const { object, kind, snapshot } = found;
    const { creationTimestamp } = object.metadata;
    return {
      cluster: snapshot.cluster,
      object: dropBookkeeping(object),
      partial: isKeptInPart(kind),
      ...(creationTimestamp && { createdAt: creationTimestamp }),
      managedBy: describeManagement(object),
      entityRefs,
      ...this.freshness(snapshot, kind),
    };
  }

  private find(query: ObjectQuery): Found | undefined {
    const snapshot = this.options.reader.snapshot(query.cluster);
    const kind = kindNameOf(query);
    if (!snapshot || !kind) return undefined;
    const object = snapshot.get(kind, query.namespace, query.name);
    return object && { object, kind, snapshot };
  }

  private freshness(
    snapshot: MeshSnapshot,
    kind: KindName,
  ): Pick<ObjectView, 'asOf' | 'state' | 'message'> {
    const { state, asOf, error } = snapshot.freshness[kind];
    const silent = this.options.statuses.whyLeftOut(snapshot.cluster);
    const stale = silent ?? (state === 'synced' ? undefined : error ?? state);
    return {
      state: stale === undefined ? 'fresh' : 'stale',
      ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
      ...(stale !== undefined && { message: stale }),
    };
  }
}
