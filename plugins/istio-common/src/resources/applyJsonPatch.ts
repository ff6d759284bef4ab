/** RFC 6902, as far as plans and fixes use it. */
interface PatchOperation {
  op: 'add' | 'remove' | 'replace' | 'test';
  path: string;
  value?: unknown;
}

/** Applies a patch to a copy. Throws when a `test` fails or a path is not there. */
export function applyJsonPatch<T>(
  document: T,
  patch: readonly PatchOperation[],
): T {
  const root = { document: structuredClone(document) };
  for (const operation of patch) {
    const segments = operation.path
      .split('/')
      .slice(1)
      .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
    applyOperation(root, ['document', ...segments], operation);
  }
  return root.document;
}

function applyOperation(
  root: object,
  segments: string[],
  { op, path, value }: PatchOperation,
): void {
  const last = segments[segments.length - 1];
  let parent = root as Record<string, unknown>;
  for (const segment of segments.slice(0, -1)) {
    parent = parent[segment] as Record<string, unknown>;
    if (typeof parent !== 'object' || parent === null) {
      throw new Error(`no ${path}`);
    }
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
    if (list) list.splice(Number(last), 1);
    else delete parent[last];
  } else if (op === 'add' && list) {
    const place = last === '-' ? list.length : Number(last);
    if (!(place <= list.length)) throw new Error(`beyond the end: ${path}`);
    list.splice(place, 0, structuredClone(value));
  } else {
    parent[last] = structuredClone(value);
  }
}
