import { isEqualJson } from '../changes/buildJsonPatch';
import { alignLists, findDifference, isMap, type JsonMap } from './json';

/**
 * The file's object with what a plan changes of the cluster's object. What the plan leaves alone stays
 * as the file has it, so defaults that the cluster filled in do not get into the file.
 *
 * Answers the first field in which the file and the cluster differ before the plan: such a file is not
 * what the cluster was made from, and an edit of it would bring in more than was looked at.
 */
export function carryOver(options: {
  file: JsonMap;
  before: JsonMap;
  after: JsonMap;
}): { desired: JsonMap } | { differs: string } {
  const file = contentOf(options.file);
  const before = contentOf(options.before);
  const after = contentOf(options.after);
  const differs = findDifference(file, before);
  if (differs !== undefined) {
    return { differs };
  }
  return {
    desired: restore(options.file, merge(file, before, after) as JsonMap),
  };
}

/** What a person writes of an object besides what names it. */
function contentOf(object: JsonMap): JsonMap {
  const { apiVersion: _v, kind: _k, status: _s, metadata, ...rest } = object;
  const { labels, annotations } = (metadata ?? {}) as JsonMap;
  return {
    ...rest,
    metadata: {
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
  };
}

function restore(file: JsonMap, content: JsonMap): JsonMap {
  const { labels, annotations, ...identity } = (file.metadata ?? {}) as JsonMap;
  const { metadata, ...rest } = content;
  const kept = Object.fromEntries(
    Object.entries(file).filter(
      ([key]) =>
        ['apiVersion', 'kind', 'status'].includes(key) ||
        Object.hasOwn(rest, key),
    ),
  );
  return {
    ...kept,
    ...rest,
    metadata: { ...identity, ...(metadata as JsonMap) },
  };
}

function merge(file: unknown, before: unknown, after: unknown): unknown {
  if (isEqualJson(before, after)) {
    return file;
  }
  if (isMap(file) && isMap(before) && isMap(after)) {
    return mergeMaps(file, before, after);
  }
  if (Array.isArray(file) && Array.isArray(before) && Array.isArray(after)) {
    // The file is part of the cluster's object, so both lists have the same items.
    return alignLists(before, after).flatMap(([from, to]) => {
      if (to === undefined) return [];
      return [
        from === undefined
          ? after[to]
          : merge(file[from], before[from], after[to]),
      ];
    });
  }
  return after;
}

function mergeMaps(file: JsonMap, before: JsonMap, after: JsonMap): JsonMap {
  const merged: JsonMap = {};
  for (const key of Object.keys(file)) {
    if (after[key] !== undefined || before[key] === undefined) {
      merged[key] = merge(file[key], before[key], after[key]);
    }
  }
  for (const key of Object.keys(after)) {
    if (
      after[key] !== undefined &&
      !Object.hasOwn(file, key) &&
      !isEqualJson(before[key], after[key])
    ) {
      merged[key] = after[key];
    }
  }
  return merged;
}
