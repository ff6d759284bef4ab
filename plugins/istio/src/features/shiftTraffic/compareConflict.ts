import type {
  ChangePreview,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import { presentWeight } from '../changes/presentNumbers';
import { presentObject } from '../changes/presentOutcome';

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

/**
 * What is different now from what the person saw: shares first, then objects that were changed in
 * another way, created or removed. Empty when only server-owned fields moved.
 */
export function compareConflict(
  seen: ChangePreview,
  now: ChangePreview,
): string[] {
  const shares = now.versions.flatMap(version => {
    const before = seen.versions.find(other => other.key === version.key);
    if (!before) {
      return [
        `${version.label} is new in the route, at ${presentWeight(
          version.before,
        )}`,
      ];
    }
    return before.before === version.before
      ? []
      : [
          `${version.label} was ${presentWeight(
            before.before,
          )} and is ${presentWeight(version.before)} now`,
        ];
  });
  const gone = seen.versions
    .filter(version => !now.versions.some(other => other.key === version.key))
    .map(version => `${version.label} is no longer in the route`);
  const objects = now.plan.operations.flatMap(operation => {
    const before = baseOf(seen, operation);
    const name = `${presentObject(operation.object)} in ${
      operation.object.cluster
    }`;
    if (!before) return [`${name} takes part now`];
    if (!before.base && operation.base) return [`${name} was created`];
    if (before.base && !operation.base) return [`${name} was removed`];
    return before.base?.hash === operation.base?.hash
      ? []
      : [`${name} was edited`];
  });
  return [...shares, ...gone, ...objects];
}
