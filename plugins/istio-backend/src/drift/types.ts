import type {
  ExternalStep,
  KindName,
  KnownWrite,
  KubeObject,
  MeshSnapshot,
  ObjectRef,
  ObservedObject,
} from '@istio-backstage/plugin-istio-common';
import type { NewAuditEntry } from '../audit/types';
import type { NewChange } from '../changes/types';

/** What is compared and what is recorded, from `istio.drift`. */
export interface DriftSettings {
  enabled: boolean;
  /** Changes that only these managers claim are not recorded. */
  ignoreManagers: readonly string[];
  /** Kinds that are not compared, as objects carry them. */
  ignoreKinds: readonly string[];
  /** How long records of changes outside are kept, beside the audit log. */
  keepDays: number;
  /** How many of them at most. */
  keepRecords: number;
}

/** Which components an object concerns. */
export interface ObjectComponents {
  /** False while the components were not read yet. */
  isReady(): boolean;
  /** `primary` is the one it belongs to most; none where it concerns none. */
  of(
    object: KubeObject,
    snapshot: MeshSnapshot,
  ): { primary?: string; all: readonly string[] };
}

/** Names one kind of one cluster over renames of the cluster. */
export interface ObservedScope {
  /** Name in the configuration. */
  cluster: string;
  /** UID of its `kube-system` namespace. */
  clusterUid: string;
  kind: KindName;
}

/** An object whose state differs from the one known. */
export interface SeenObject {
  key: string;
  ref: ObjectRef;
  /** As the watch shows it; absent: it is not there any more. */
  live?: KubeObject;
  after?: ObservedObject;
  /** The change through Git that made it so. */
  cause?: string;
}

/** Knows which changes go through Git: others write them, so no answer of an API server tells. */
export interface ProposedChanges {
  /** Ids of the changes that explain what is seen of objects, by key; those that none explains are left out. */
  causesOf(
    seen: readonly Pick<SeenObject, 'key' | 'ref' | 'live'>[],
  ): Promise<ReadonlyMap<string, string>>;
}

/** What is stored of an object. */
export interface StoredObservation {
  observed: ObservedObject;
  /** It was deleted; `observed` is how it was last. */
  isGone: boolean;
}

/** The little of it that stays in memory. */
export type KnownState = Pick<
  ObservedObject,
  'uid' | 'generation' | 'resourceVersion' | 'hash'
> & { isGone: boolean };

/** A change outside, ready to be recorded. */
export interface NewExternal {
  change: NewChange;
  entry: NewAuditEntry;
  alsoConcerns: readonly string[];
}

/** What becomes of a batch of objects. */
export interface SettledBatch {
  /** State that is known from now on, by key. */
  known: Map<string, KnownState>;
  /** A write of the portal is on its way: look again when it is settled. */
  deferred: string[];
  recorded: NewExternal[];
}

/** Turns the steps of one object into records; none for those that are not to be told. */
export type DescribeSteps = (
  seen: SeenObject,
  steps: ExternalStep[],
) => NewExternal[];

/** Keeps how objects were last seen, and the changes that the portal did not make. */
export interface DriftStore {
  /** What is known of a kind; undefined when it was never seen as a whole. */
  load(scope: ObservedScope): Promise<Map<string, KnownState> | undefined>;
  /** Takes the objects as they are as what everything is compared with; nothing where another replica did. */
  begin(
    scope: ObservedScope,
    objects: readonly { key: string; observed: ObservedObject }[],
  ): Promise<void>;
  /**
   * Compares the objects with what is stored and with the writes of the portal, and commits new states,
   * records and audit entries together. One replica at a time does so for a kind of a cluster, so what
   * two of them see is recorded once.
   */
  settle(options: {
    scope: ObservedScope;
    seen: readonly SeenObject[];
    describe: DescribeSteps;
  }): Promise<SettledBatch>;
  /** Removes records beyond what is kept; answers how many. */
  prune(
    settings: Pick<DriftSettings, 'keepDays' | 'keepRecords'>,
  ): Promise<number>;
}

export type { KnownWrite };
