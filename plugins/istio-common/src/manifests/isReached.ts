import { isEqualJson } from '../changes/buildJsonPatch';
import type { ManifestOperation } from './types';
import { isMap, isPartOf } from './json';

/**
 * Whether the live object is where an operation wants it, whoever wrote it: every field that the
 * operation changes has its new value, or is gone. Fields that it leaves alone, and defaults the
 * cluster fills in, do not count.
 */
export function isReached(
  operation: Pick<ManifestOperation, 'action' | 'before' | 'after' | 'body'>,
  live: Record<string, unknown> | undefined,
): boolean {
  if (operation.action === 'delete') {
    return live === undefined;
  }
  if (live === undefined) {
    return false;
  }
  const after = operation.after ?? operation.body ?? {};
  return operation.before === undefined
    ? isPartOf(comparable(after), comparable(live))
    : isThere(
        comparable(operation.before),
        comparable(after),
        comparable(live),
      );
}

function isThere(before: unknown, after: unknown, live: unknown): boolean {
  if (isEqualJson(before, after)) {
    return true;
  }
  if (isMap(before) && isMap(after) && isMap(live)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].every(key =>
      after[key] === undefined
        ? before[key] === undefined || live[key] === undefined
        : isThere(before[key], after[key], live[key]),
    );
  }
  if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    Array.isArray(live) &&
    before.length === after.length
  ) {
    return (
      live.length === after.length &&
      after.every((item, index) => isThere(before[index], item, live[index]))
    );
  }
  return isPartOf(after, live);
}

function comparable(object: Record<string, unknown>): Record<string, unknown> {
  const { apiVersion: _v, kind: _k, status: _s, metadata, ...rest } = object;
  const { labels, annotations } = isMap(metadata) ? metadata : {};
  return {
    ...rest,
    metadata: { labels: labels ?? {}, annotations: annotations ?? {} },
  };
}
