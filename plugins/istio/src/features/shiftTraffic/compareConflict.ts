import {
  formatWrittenShare,
  type ChangePreview,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import { presentObject } from '../changes/presentOutcome';

/** Shares closer than this read alike. */
const SAME_SHARE = 0.0005;

function baseOf(
  preview: ChangePreview,
  operation: PlanOperation,
): PlanOperation | undefined {
  return preview.plan.operations.find(
    other =>
      other.object.cluster === operation.object.cluster &&
      other.object.kind === operation.object.kind &&
      other.object.namespace === operation.object.namespace &&
      other.object.name === operation.object.name,
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

function compareBase(
  before: PlanOperation | undefined,
  after: PlanOperation,
): string[] {
  // An operation more or less comes from the shares that are asked for, not from somebody else.
  if (!before) return [];
  const name = `${presentObject(after.object)} in ${after.object.cluster}`;
  if (!before.base && after.base) return [`${name} was created`];
  if (before.base && !after.base) return [`${name} was removed`];
  return before.base?.hash === after.base?.hash ? [] : [`${name} was edited`];
}

/**
 * What is different in the objects from what the person saw: today's shares first, then objects
 * that were edited, created or removed. Empty when only server-owned fields moved. Shares count
 * only where an object did change: over several clusters they are weighted by requests, which
 * move by themselves.
 */
export function compareConflict(
  seen: ChangePreview,
  now: ChangePreview,
): string[] {
  const objects = now.plan.operations.flatMap(operation =>
    compareBase(baseOf(seen, operation), operation),
  );
  return objects.length > 0 ? [...compareShares(seen, now), ...objects] : [];
}
