import type { KubeObject } from '../resources/types';

/**
 * Managers that hold one of the fields (JSON pointers), as `managedFields` claims; sorted, each
 * once. A manager that holds a list as a whole holds everything below it: most lists of Istio and
 * the Gateway API are atomic. Managers of the status subresource do not count.
 */
export function findFieldManagers(
  object: KubeObject,
  pointers: string[],
): string[] {
  const managers = (object.metadata.managedFields ?? [])
    .filter(entry => entry.manager && !entry.subresource && entry.fieldsV1)
    .filter(entry =>
      pointers.some(pointer => holds(entry.fieldsV1!, splitPointer(pointer))),
    )
    .map(entry => entry.manager!);
  return [...new Set(managers)].sort();
}

function holds(fields: Record<string, unknown>, segments: string[]): boolean {
  if (Object.keys(fields).length === 0 || segments.length === 0) {
    return true;
  }
  const [segment, ...rest] = segments;
  const named = asMap(fields[`f:${segment}`]);
  if (named) {
    return holds(named, rest);
  }
  // An item of an associative list is named by its key, which the pointer's index does not tell.
  return (
    /^\d+$/.test(segment) &&
    Object.entries(fields).some(
      ([key, item]) => /^[kvi]:/.test(key) && holds(asMap(item) ?? {}, rest),
    )
  );
}

function splitPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function asMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}
