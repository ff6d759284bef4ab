import { isDeepStrictEqual } from 'node:util';
import type { JsonPatchOperation } from '@istio-backstage/plugin-istio-common';

/** RFC 6902 as far as the product sends it; throws where the API server answers 422. */
export function applyJsonPatch<T>(document: T, patch: JsonPatchOperation[]): T {
  const root = { document: structuredClone(document) as unknown };
  for (const { op, path, value } of patch) {
    const keys = path.split('/').map(unescapePointer);
    keys[0] = 'document';
    const last = keys.pop()!;
    const parent = keys.reduce<unknown>(step, root);
    if (Array.isArray(parent)) {
      editList(parent, { op, last, value, path });
    } else {
      editMap(parent as Record<string, unknown>, { op, last, value, path });
    }
  }
  return root.document as T;
}

interface Edit {
  op: JsonPatchOperation['op'];
  last: string;
  value: unknown;
  path: string;
}

function step(value: unknown, key: string): unknown {
  const next =
    value && typeof value === 'object'
      ? (value as Record<string, unknown>)[key]
      : undefined;
  if (next === undefined) {
    throw new Error(`missing path ${key}`);
  }
  return next;
}

function editMap(
  map: Record<string, unknown>,
  { op, last, value, path }: Edit,
) {
  if (op !== 'add' && !Object.hasOwn(map, last)) {
    throw new Error(`missing path ${path}`);
  }
  if (op === 'test') {
    check(map[last], value, path);
  } else if (op === 'remove') {
    delete map[last];
  } else {
    map[last] = structuredClone(value);
  }
}

function editList(list: unknown[], { op, last, value, path }: Edit) {
  const index = last === '-' ? list.length : Number(last);
  if (!(index >= 0 && index < list.length + (op === 'add' ? 1 : 0))) {
    throw new Error(`missing path ${path}`);
  }
  if (op === 'test') {
    check(list[index], value, path);
  } else if (op === 'remove') {
    list.splice(index, 1);
  } else {
    list.splice(index, op === 'add' ? 0 : 1, structuredClone(value));
  }
}

function check(present: unknown, wanted: unknown, path: string) {
  if (!isDeepStrictEqual(present, wanted)) {
    throw new Error(`testing value ${path} failed`);
  }
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, '/').replace(/~0/g, '~');
}
