import { isFields } from './fields';

/** A field path followed into an object. */
export interface LocatedField {
  /** Keys and list indexes, as far as they are there. */
  path: readonly (string | number)[];
  /** What of the path the object does not have; empty when the field is there. */
  missing: string;
}

/**
 * Follows a path such as `spec.http[0].route[1].destination.subset`. Keys with dots may stand bare
 * (`metadata.labels.app.kubernetes.io/name`) or quoted in brackets. A path that does not begin at the
 * top is one below `spec`, as the paths of routes are (`http[0]`).
 */
export function locateField(object: unknown, fieldPath: string): LocatedField {
  const fromTop = follow(object, [], fieldPath);
  if (fromTop.path.length > 0 || fieldPath === '' || !isFields(object)) {
    return fromTop;
  }
  const fromSpec = follow(object.spec, ['spec'], fieldPath);
  return fromSpec.path.length > 1 ? fromSpec : fromTop;
}

function follow(
  node: unknown,
  path: readonly (string | number)[],
  rest: string,
): LocatedField {
  if (rest === '') return { path, missing: '' };
  const step = readStep(node, rest);
  return step === undefined
    ? { path, missing: rest }
    : follow(step.value, [...path, step.key], dropDot(rest.slice(step.length)));
}

interface Step {
  key: string | number;
  value: unknown;
  /** Characters of the path it takes. */
  length: number;
}

const BRACKET = /^\[(?:"([^"]*)"|'([^']*)'|([^\]"']+))\]/;

function readStep(node: unknown, rest: string): Step | undefined {
  const bracket = BRACKET.exec(rest);
  if (bracket) {
    const name = bracket[1] ?? bracket[2] ?? bracket[3];
    return stepTo(node, name, bracket[0].length);
  }
  if (Array.isArray(node)) {
    const index = /^\d+(?=[.[]|$)/.exec(rest);
    return index ? stepTo(node, index[0], index[0].length) : undefined;
  }
  if (!isFields(node)) return undefined;
  // Of `a` and `a.b` the longer one is meant: nobody writes a path that stops inside a key.
  const [key] = Object.keys(node)
    .filter(name => name !== '' && rest.startsWith(name))
    .filter(name => /^([.[]|$)/.test(rest.slice(name.length)))
    .sort((a, b) => b.length - a.length);
  return key === undefined ? undefined : stepTo(node, key, key.length);
}

function stepTo(node: unknown, name: string, length: number): Step | undefined {
  if (Array.isArray(node)) {
    const index = Number(name);
    return Number.isInteger(index) && index >= 0 && index < node.length
      ? { key: index, value: node[index], length }
      : undefined;
  }
  return isFields(node) && Object.hasOwn(node, name)
    ? { key: name, value: node[name], length }
    : undefined;
}

function dropDot(rest: string): string {
  return rest.startsWith('.') ? rest.slice(1) : rest;
}
