import { isNewerVersion } from './compareVersions';
import type { ExternalStep, KnownWrite, ObservedObject } from './types';

/**
 * The changes between what was known of an object and what is seen now that no write of the product
 * explains, oldest first. A write proves two states: its base, which it was held to, and what it
 * made of it; so a change that came before it is found although no watch showed it.
 *
 * The same version, or another version with the same spec generation and the same content (status,
 * bookkeeping), is no change. `gone` says until which version a missing object is known: writes
 * before that are history.
 */
export function resolveExternalSteps(options: {
  before?: ObservedObject;
  /** Version of the object when it was last known, where `before` is absent. */
  gone?: string;
  after?: ObservedObject;
  /** In the order in which they were made; older ones than `before` do no harm. */
  writes: readonly KnownWrite[];
  /** What is seen now is what a change asked for that others carry out, as of a pull request. */
  isExplained?: boolean;
}): ExternalStep[] {
  const { after, writes, isExplained } = options;
  const steps: ExternalStep[] = [];
  let known = options.before;
  let version = known?.resourceVersion ?? options.gone;
  const moveTo = (next: ObservedObject | undefined) => {
    if (isDifferent(known, next)) {
      steps.push({
        ...(known && { before: known }),
        ...(next && { after: next }),
      });
    }
    known = next;
  };
  for (const write of writes) {
    if (!isBetween(write, { known, version, after })) continue;
    if (!write.isUnheld && !isOlder(write.base, known)) moveTo(write.base);
    known = write.isUnproven ? after : write.result;
    version = known?.resourceVersion ?? write.base?.resourceVersion ?? version;
  }
  if (!isExplained) moveTo(after);
  return steps;
}

/** Whether the write was made after what is known, and led to what is seen. */
function isBetween(
  write: KnownWrite,
  world: {
    known?: ObservedObject;
    version?: string;
    after?: ObservedObject;
  },
): boolean {
  const { base, result } = write;
  const { known, version, after } = world;
  if (write.isUnproven) {
    // What carries the change's id already was written by it once more only where it was taken back.
    const isNew =
      known?.changeId !== write.changeId ||
      (write.isUndo === true && after?.hash === base?.hash);
    return after?.changeId === write.changeId && isNew;
  }
  if (result) {
    // What is seen may be older than the write.
    const isSeen =
      !after || !isNewerVersion(result.resourceVersion, after.resourceVersion);
    return (
      isSeen &&
      (version === undefined || isNewerVersion(result.resourceVersion, version))
    );
  }
  if (!base || after?.uid === base.uid) return false;
  // An object is deleted once, whatever was written to it before.
  if (version === undefined || known?.uid === base.uid) return true;
  return isNewerVersion(base.resourceVersion, version);
}

/** Whether what the write was planned on was known before, and bookkeeping was written to it since. */
function isOlder(
  base: ObservedObject | undefined,
  known: ObservedObject | undefined,
): boolean {
  return (
    base !== undefined &&
    base.uid === known?.uid &&
    isNewerVersion(known.resourceVersion, base.resourceVersion)
  );
}

/** Whether somebody changed something; who wrote the status did not. */
export function isDifferent(
  one: ObservedObject | undefined,
  other: ObservedObject | undefined,
): boolean {
  if (!one || !other) return one !== other;
  if (one.resourceVersion === other.resourceVersion) return false;
  // What is recorded of older writes does not say it.
  if (one.uid && other.uid && one.uid !== other.uid) return true;
  if (one.hash !== other.hash) return true;
  return (
    one.generation !== undefined &&
    other.generation !== undefined &&
    one.generation !== other.generation
  );
}
