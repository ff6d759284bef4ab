import type { JsonPatchOperation } from './types';

/** RFC 6902, as far as plans use it; throws when a `test` fails or a path is not there. */
export function applyJsonPatch<T>(
  document: T,
  patch: readonly JsonPatchOperation[],
): T {
  const result = structuredClone(document);
  for (const { op, path, value } of patch) {
    const segments = path
      .split('/')
      .slice(1)
      .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
    const last = segments.pop()!;
    let parent = result as Record<string, unknown>;
    for (const segment of segments) {
      if (typeof parent !== 'object' || !Object.hasOwn(parent, segment)) {
        throw new Error(`no ${path}`);
      }
      parent = parent[segment] as Record<string, unknown>;
    }
    const list = Array.isArray(parent) ? (parent as unknown[]) : undefined;
    if (op !== 'add' && !Object.hasOwn(parent, last)) {
      throw new Error(`no ${path}`);
    }
    if (op === 'test') {
      if (JSON.stringify(parent[last]) !== JSON.stringify(value)) {
        throw new Error(`test failed at ${path}`);
      }
    } else if (op === 'remove') {
      if (list) {
        list.splice(Number(last), 1);
      } else {
        delete parent[last];
      }
    } else if (op === 'add' && list) {
      if (Number(last) > list.length) {
        throw new Error(`beyond the end: ${path}`);
      }
      list.splice(Number(last), 0, structuredClone(value));
    } else {
      parent[last] = structuredClone(value);
    }
  }
  return result;
}
