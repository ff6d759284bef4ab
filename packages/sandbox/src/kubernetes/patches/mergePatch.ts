import { cloneJson, isObject, type JsonObject } from '../json';

/** RFC 7386: objects merge, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) {
    return cloneJson(patch);
  }
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else if (key !== '__proto__') {
      result[key] = mergePatch(result[key], value);
    }
  }
  return result;
}
