import { isObject } from '../json';

/** The value at a path of field names; undefined when something on the way is missing. */
export function readPath(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (current, name) => (isObject(current) ? current[name] : undefined),
    value,
  );
}
