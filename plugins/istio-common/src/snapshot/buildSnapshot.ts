import { KIND_NAMES, KindName, kindNameOf } from '../resources/kinds';
import { objectKey } from '../resources/objectKey';
import { KubeObject, ObjectRef } from '../resources/types';
import { IndexedMeshSnapshot } from './IndexedMeshSnapshot';
import { KindStore } from './KindStore';
import { KindFreshness, MeshSnapshot } from './types';

/** What a snapshot is built from. */
export interface SnapshotInput {
  cluster: string;
  /** meshConfig.rootNamespace; Istio's default is `istio-system`. */
  rootNamespace?: string;
  domain?: string;
  /** Istio's meshConfig as written, when it could be read. */
  meshConfig?: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds of the newest event or list that went in. */
  asOf: number;
  /** Kinds that are not given are `pending`, not empty. */
  objects: Partial<Record<KindName, readonly KubeObject[]>>;
  /** For kinds whose state is not simply "given, so synced" or "not given, so pending". */
  freshness?: Partial<Record<KindName, KindFreshness>>;
}

/**
 * An immutable, indexed view of one cluster's objects. Indexes are built on the first lookup that needs
 * them. The objects must not be mutated afterwards.
 */
export function buildSnapshot(input: SnapshotInput): MeshSnapshot {
  const freshness = {} as Record<KindName, KindFreshness>;
  const stores = {} as Record<KindName, KindStore>;
  for (const kind of KIND_NAMES) {
    const objects = input.objects[kind];
    freshness[kind] =
      input.freshness?.[kind] ??
      (objects ? { state: 'synced', asOf: input.asOf } : { state: 'pending' });
    stores[kind] = new KindStore(kind, objects ?? []);
  }
  return new IndexedMeshSnapshot({
    cluster: input.cluster,
    rootNamespace: input.rootNamespace ?? 'istio-system',
    domain: input.domain ?? 'cluster.local',
    ...(input.meshConfig ? { meshConfig: input.meshConfig } : {}),
    asOf: input.asOf,
    freshness,
    stores,
  });
}

/** The snapshot with one kind exchanged: other kinds and their indexes are shared, not copied. */
export function withKind(
  snapshot: MeshSnapshot,
  change: {
    kind: KindName;
    objects: readonly KubeObject[];
    freshness?: KindFreshness;
    asOf: number;
  },
): MeshSnapshot {
  const { kind, objects, asOf } = change;
  const freshness = change.freshness ?? { state: 'synced' as const, asOf };
  return indexed(snapshot).replaceKinds({
    objects: { [kind]: objects },
    freshness: { [kind]: freshness },
    asOf,
  });
}

/** The snapshot with only the freshness of one kind changed; all indexes are shared. */
export function withFreshness(
  snapshot: MeshSnapshot,
  change: { kind: KindName; freshness: KindFreshness; asOf?: number },
): MeshSnapshot {
  return indexed(snapshot).replaceKinds({
    objects: {},
    freshness: { [change.kind]: change.freshness },
    asOf: change.asOf,
  });
}

/**
 * What the cluster would hold with these objects written and those removed: a hypothetical snapshot.
 * Objects of kinds the product does not read are ignored; freshness stays as it was.
 */
export function withObjects(
  snapshot: MeshSnapshot,
  change: { replace: readonly KubeObject[]; remove?: readonly ObjectRef[] },
): MeshSnapshot {
  const byKind = new Map<
    KindName,
    { replace: Map<string, KubeObject>; remove: Set<string> }
  >();
  const edits = (kind: KindName) => {
    const known = byKind.get(kind);
    if (known) {
      return known;
    }
    const created = {
      replace: new Map<string, KubeObject>(),
      remove: new Set<string>(),
    };
    byKind.set(kind, created);
    return created;
  };
  for (const object of change.replace) {
    const kind = kindNameOf(object);
    if (kind) {
      edits(kind).replace.set(objectKey(object), object);
    }
  }
  for (const ref of change.remove ?? []) {
    const kind = kindNameOf(ref);
    if (kind) {
      edits(kind).remove.add(objectKey(ref));
    }
  }
  const objects: Partial<Record<KindName, readonly KubeObject[]>> = {};
  for (const [kind, { replace, remove }] of byKind) {
    objects[kind] = exchange(snapshot.list(kind), { replace, remove });
  }
  return indexed(snapshot).replaceKinds({ objects });
}

/** Each object in the place of its former self: lists that are nearly the same are soon compared. */
function exchange(
  list: readonly KubeObject[],
  edits: { replace: ReadonlyMap<string, KubeObject>; remove: Set<string> },
): KubeObject[] {
  const left = new Map(edits.replace);
  const names = new Set(
    [...edits.replace.keys(), ...edits.remove].map(key =>
      key.slice(key.lastIndexOf('/') + 1),
    ),
  );
  const exchanged: KubeObject[] = [];
  for (const object of list) {
    // The bare name first: of thousands of objects hardly one has it.
    const key = names.has(object.metadata.name) ? objectKey(object) : undefined;
    if (
      key === undefined ||
      !(edits.replace.has(key) || edits.remove.has(key))
    ) {
      exchanged.push(object);
      continue;
    }
    const other = left.get(key);
    if (other) exchanged.push(other);
    left.delete(key);
  }
  return [...exchanged, ...left.values()];
}

/** Another implementation of the interface is read once into ours. */
function indexed(snapshot: MeshSnapshot): IndexedMeshSnapshot {
  if (snapshot instanceof IndexedMeshSnapshot) {
    return snapshot;
  }
  const stores = {} as Record<KindName, KindStore>;
  for (const kind of KIND_NAMES) {
    stores[kind] = new KindStore(kind, snapshot.list(kind));
  }
  const { cluster, asOf, rootNamespace, domain, meshConfig, freshness } =
    snapshot;
  return new IndexedMeshSnapshot({
    cluster,
    asOf,
    rootNamespace,
    domain,
    ...(meshConfig ? { meshConfig } : {}),
    freshness,
    stores,
  });
}
