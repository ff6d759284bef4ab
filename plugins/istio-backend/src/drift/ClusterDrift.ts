import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  apiVersionOf,
  isDifferent,
  isNewerVersion,
  KIND_NAMES,
  kubernetesKindOf,
  objectKey,
  observeObject,
  refTo,
  type KindName,
  type KubeObject,
  type MeshSnapshot,
  type ObservedObject,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  MeshWriter,
} from '@istio-backstage/plugin-istio-node';
import { doInSlices } from '../caching/doInSlices';
import { isOfMesh } from '../clusters/isOfMesh';
import { describeExternals } from './describeExternals';
import type {
  DriftSettings,
  DriftStore,
  KnownState,
  NewExternal,
  ObjectComponents,
  ObservedScope,
  ProposedChanges,
  SeenObject,
} from './types';

/** Objects that are settled in one transaction. */
const BATCH = 50;
/** Deleted objects that are looked for at once. */
const READS = 10;

/** Options of {@link ClusterDrift}. */
export interface ClusterDriftOptions {
  cluster: string;
  reader: Pick<MeshReader, 'snapshot'>;
  writer: Pick<MeshWriter, 'read'>;
  store: DriftStore;
  components: ObjectComponents;
  causes: ProposedChanges;
  settings: DriftSettings;
  /** After this time records are made although the components are not known. */
  componentsUntil: number;
  now: () => number;
  logger: Pick<LoggerService, 'info'>;
  /** Told of objects that were changed by whomever, and of what was recorded. */
  onMoved: (moved: {
    seen: SeenObject[];
    recorded: NewExternal[];
  }) => Promise<void>;
}

/** A kind as it was compared last. */
interface KindState {
  known?: Map<string, KnownState>;
  /** Identity of the list that is compared already; undefined while something of it is open. */
  done?: readonly KubeObject[];
}

/** What one cluster shows, against what is known of it. */
export class ClusterDrift {
  private readonly kinds = new Map<KindName, KindState>();
  private clusterUid?: string;
  private isAnnounced = false;

  constructor(private readonly options: ClusterDriftOptions) {}

  /** True when something is left open, for another look. */
  async compare(): Promise<boolean> {
    const { cluster, reader, settings } = this.options;
    const snapshot = reader.snapshot(cluster);
    const clusterUid = snapshot && uidOf(snapshot);
    if (!snapshot || clusterUid === undefined) return true;
    if (this.clusterUid !== clusterUid) this.kinds.clear();
    this.clusterUid = clusterUid;
    let isOpen = false;
    const compared = KIND_NAMES.filter(kind => isCompared(kind, settings));
    for (const kind of compared) {
      // What is not current says nothing about what was changed.
      if (snapshot.freshness[kind].state !== 'synced') continue;
      const scope = { cluster, clusterUid, kind };
      isOpen = (await this.compareKind(scope, snapshot)) || isOpen;
    }
    if (compared.every(kind => snapshot.freshness[kind].state !== 'pending')) {
      this.announce();
    }
    return isOpen;
  }

  /** Says once since when nothing is missed: before the first comparison everything is taken as it is. */
  private announce(): void {
    if (this.isAnnounced) return;
    this.isAnnounced = true;
    const { cluster, logger } = this.options;
    logger.info(`Changes made in ${cluster} outside the portal are recorded`);
  }

  private async compareKind(
    scope: ObservedScope,
    snapshot: MeshSnapshot,
  ): Promise<boolean> {
    const { components, componentsUntil, now } = this.options;
    const list = snapshot.list(scope.kind);
    const state = this.kinds.get(scope.kind) ?? {};
    this.kinds.set(scope.kind, state);
    if (state.done === list) return false;
    const known = state.known ?? (await this.open(scope, list));
    state.known = known;
    const different = await this.findDifferent(list, known);
    if (different.length === 0) {
      state.done = list;
      return false;
    }
    if (!components.isReady() && now() < componentsUntil) return true;
    const seen = await this.confirm(scope, different);
    let isOpen = seen.length < different.length;
    for (let at = 0; at < seen.length; at += BATCH) {
      const batch = seen.slice(at, at + BATCH);
      isOpen = (await this.settle({ scope, batch, known, snapshot })) || isOpen;
    }
    state.done = isOpen ? undefined : list;
    return isOpen;
  }

  private async open(
    scope: ObservedScope,
    list: readonly KubeObject[],
  ): Promise<Map<string, KnownState>> {
    const { store } = this.options;
    const known = await store.load(scope);
    if (known) return known;
    const objects: { key: string; observed: ObservedObject }[] = [];
    await doInSlices(list, object => {
      objects.push({ key: objectKey(object), observed: observeObject(object) });
    });
    await store.begin(scope, objects);
    // Another replica may have begun with other objects.
    return (await store.load(scope)) ?? new Map();
  }

  /** Objects that are not as they are known. Status and bookkeeping of the others are taken note of. */
  private async findDifferent(
    list: readonly KubeObject[],
    known: Map<string, KnownState>,
  ): Promise<Different[]> {
    const different: Different[] = [];
    const missing = new Set(
      [...known].filter(([, { isGone }]) => !isGone).map(([key]) => key),
    );
    await doInSlices(list, live => {
      const key = objectKey(live);
      missing.delete(key);
      const last = known.get(key);
      const version = live.metadata.resourceVersion ?? '';
      if (last && !isNewerVersion(version, last.resourceVersion)) return;
      const after = observeObject(live);
      if (last && !last.isGone && !isDifferent(withContent(last), after)) {
        known.set(key, { ...last, resourceVersion: version });
        return;
      }
      different.push({ key, live, after });
    });
    missing.forEach(key => different.push({ key }));
    return different;
  }

  /** Without those that are there after all: a watch may be behind a creation that another replica saw. */
  private async confirm(
    scope: ObservedScope,
    different: readonly Different[],
  ): Promise<SeenObject[]> {
    const seen: SeenObject[] = [];
    for (let at = 0; at < different.length; at += READS) {
      const some = await Promise.all(
        different.slice(at, at + READS).map(async each => {
          const ref = each.live
            ? refTo(scope.cluster, each.live)
            : refOfKey(scope, each.key);
          const isThere =
            !each.live && (await this.options.writer.read(ref)) !== undefined;
          return isThere ? [] : [{ ...each, ref }];
        }),
      );
      seen.push(...some.flat());
    }
    return seen;
  }

  private async settle(options: {
    scope: ObservedScope;
    batch: SeenObject[];
    known: Map<string, KnownState>;
    snapshot: MeshSnapshot;
  }): Promise<boolean> {
    const { scope, batch, known, snapshot } = options;
    const { store, settings, components, causes, now, onMoved } = this.options;
    const causeOf = await causes.causesOf(batch);
    const settled = await store.settle({
      scope,
      seen: batch.map(one => ({ ...one, cause: causeOf.get(one.key) })),
      describe: (seen, steps) =>
        describeExternals({
          seen,
          steps,
          settings,
          clusterUid: scope.clusterUid,
          concerned: object => components.of(object, snapshot),
          at: now(),
        }),
    });
    for (const [key, state] of settled.known) known.set(key, state);
    await onMoved({
      seen: batch.filter(({ key }) => settled.known.has(key)),
      recorded: settled.recorded,
    });
    return settled.deferred.length > 0;
  }
}

interface Different {
  key: string;
  live?: KubeObject;
  after?: ObservedObject;
}

/** By its `kube-system` namespace; undefined while that is not known. Where it may not be read, the name stands for it. */
function uidOf(snapshot: MeshSnapshot): string | undefined {
  const { state } = snapshot.freshness.Namespace;
  if (state === 'pending' || state === 'stale') return undefined;
  const { uid } =
    snapshot.get('Namespace', undefined, 'kube-system')?.metadata ?? {};
  return uid ?? `name:${snapshot.cluster}`;
}

function isCompared(kind: KindName, settings: DriftSettings): boolean {
  return (
    isOfMesh(kind) && !settings.ignoreKinds.includes(kubernetesKindOf(kind))
  );
}

/** Of an object that is not there any more. */
function refOfKey({ cluster, kind }: ObservedScope, key: string): ObjectRef {
  const [, , namespace, name] = key.split('/');
  return {
    cluster,
    apiVersion: apiVersionOf(kind),
    kind: kubernetesKindOf(kind),
    ...(namespace && { namespace }),
    name,
  };
}

/** Enough to tell whether it is different. */
function withContent(state: KnownState): ObservedObject {
  return { ...state, writers: [], hidden: [] };
}
