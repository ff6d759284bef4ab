import {
  diffObjects,
  formatList,
  formatWrittenShare,
  type ChangePreview,
  type DiffLine,
  type KubeObject,
  type ObjectRef,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import { presentObject } from '../presentOutcome';

/** What somebody else did to an object since the person looked, in one cluster or alike in several. */
export interface ObjectDifference {
  text: string;
  /** What was seen against what is; empty where the preview carries no objects. */
  diff: DiffLine[];
}

export interface ConflictDifferences {
  /** Today's shares that are others now, in words. */
  shares: string[];
  objects: ObjectDifference[];
}

/** Shares closer than this read alike. */
const SAME_SHARE = 0.0005;

function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return (
    a.cluster === b.cluster &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name
  );
}

function compareShares(seen: ChangePreview, now: ChangePreview): string[] {
  const keys = new Set(
    [...seen.versions, ...now.versions].map(version => version.key),
  );
  return [...keys].flatMap(key => {
    const before = seen.versions.find(version => version.key === key);
    const after = now.versions.find(version => version.key === key);
    // A version the route does not name counts as 0 %: a preview leaves it out until it gets some.
    const was = before?.before ?? 0;
    const is = after?.before ?? 0;
    if (Math.abs(was - is) < SAME_SHARE) return [];
    return [
      `${(after ?? before)?.label} was ${formatWrittenShare(
        was,
      )} and is ${formatWrittenShare(is)} now`,
    ];
  });
}

function whatHappened(before: PlanOperation, after: PlanOperation) {
  if (!before.base && after.base) return 'was created';
  if (before.base && !after.base) return 'was removed';
  return before.base?.hash === after.base?.hash ? undefined : 'was edited';
}

/** The same in one cluster. */
interface ClusterDifference {
  cluster: string;
  name: string;
  happened: string;
  diff: DiffLine[];
}

function compareObject(
  before: PlanOperation | undefined,
  after: PlanOperation,
): ClusterDifference[] {
  // An operation more or less comes from the shares that are asked for, not from somebody else.
  const happened = before && whatHappened(before, after);
  if (!before || !happened) return [];
  const { object } = after;
  return [
    {
      cluster: object.cluster,
      name: presentObject(object),
      happened,
      diff: diffObjects(
        before.before as KubeObject | undefined,
        after.before as KubeObject | undefined,
      ),
    },
  ];
}

function mergeClusters(differences: ClusterDifference[]): ObjectDifference[] {
  const groups = new Map<string, ClusterDifference[]>();
  for (const { cluster, ...same } of differences) {
    const key = JSON.stringify(same);
    groups.set(key, [...(groups.get(key) ?? []), { cluster, ...same }]);
  }
  return [...groups.values()].map(group => {
    const [{ name, happened, diff }] = group;
    const where = formatList(group.map(({ cluster }) => cluster));
    return { text: `${name} in ${where} ${happened}`, diff };
  });
}

/**
 * What is different in the objects from what the person saw. No object: only server-owned fields
 * moved. Shares are said where they are those of a cluster: over several, of which only some were
 * edited, they are sums weighted by requests, and the lines of the objects tell it better.
 */
export function compareConflict(
  seen: ChangePreview,
  now: ChangePreview,
): ConflictDifferences {
  const differences = now.plan.operations.flatMap(operation =>
    compareObject(
      seen.plan.operations.find(({ object }) =>
        sameObject(object, operation.object),
      ),
      operation,
    ),
  );
  const clusters = new Set(
    now.plan.operations.map(({ object }) => object.cluster),
  );
  const edited = new Set(differences.map(({ cluster }) => cluster));
  const everywhere = differences.length > 0 && edited.size === clusters.size;
  return {
    shares: everywhere ? compareShares(seen, now) : [],
    objects: mergeClusters(differences),
  };
}
