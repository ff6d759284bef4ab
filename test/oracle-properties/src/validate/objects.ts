import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { EXAMPLES } from './examples';

/** Values that are wrong in most places, and right in some. `null` is left to the CRD's schema. */
const WRONG: readonly unknown[] = [
  '',
  '*',
  'a*b*',
  '/a/{**}/b/{*}',
  '/{x}',
  '10.0.0.0/99',
  '70000',
  'x/y/z',
  'UNKNOWN[',
  '-5s',
  '%zz',
  'ftp://a.b',
  [],
  {},
];

/** In place of numbers alone: a name of an enum may be written as its number, which the CRD's schema refuses. */
const WRONG_NUMBERS: readonly unknown[] = [-1, 0, 1, 101, 70000, 1e10];

type Path = readonly (string | number)[];

interface Place {
  path: Path;
  value: unknown;
}

/** All values below a value, with their paths; Envoy's part of an EnvoyFilter is not judged, so that it is left as it is. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) => {
    const name = Array.isArray(value) ? Number(key) : key;
    const below = name === 'patch' ? [] : placesOf(child);
    return [
      { path: [name], value: child },
      ...below.map(place => ({ ...place, path: [name, ...place.path] })),
    ];
  });
}

/** A copy with one value replaced, or taken away. */
function replaceAt(value: unknown, path: Path, by: unknown): unknown {
  const [name, ...rest] = path;
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string | number, unknown>;
  copy[name] = rest.length === 0 ? by : replaceAt(copy[name], rest, by);
  return copy;
}

/** Every value that the examples of a kind have under a name: what fits in one place is wrong in another. */
function valuesByName(
  objects: readonly KubeObject[],
): ReadonlyMap<string | number, readonly unknown[]> {
  const values = new Map<string | number, unknown[]>();
  for (const { path, value } of objects.flatMap(({ spec }) => placesOf(spec))) {
    const name = path[path.length - 1];
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

function spoilt(
  object: KubeObject,
  others: ReadonlyMap<string | number, readonly unknown[]>,
): fc.Arbitrary<KubeObject> {
  const places = placesOf(object.spec);
  if (places.length === 0) return fc.constant(object);
  return fc
    .constantFrom(...places)
    .chain(({ path, value }) => {
      const isNumber = typeof value === 'number';
      const same = others.get(path[path.length - 1]) ?? [];
      return fc.tuple(
        fc.constant(path),
        fc.constantFrom(...WRONG, ...(isNumber ? WRONG_NUMBERS : []), ...same),
      );
    })
    .map(([path, by]) => ({
      ...object,
      spec: replaceAt(object.spec, path, by) as KubeObject['spec'],
    }));
}

/** Objects of one kind, as they are in a table or with one or two values spoilt. */
function objectsOf(examples: readonly KubeObject[]): fc.Arbitrary<KubeObject> {
  const others = valuesByName(examples);
  const example = fc.constantFrom(...examples);
  const once = example.chain(object => spoilt(object, others));
  return fc.oneof(
    { weight: 1, arbitrary: example },
    { weight: 4, arbitrary: once },
    { weight: 2, arbitrary: once.chain(object => spoilt(object, others)) },
  );
}

/** Alternatives of which an object may hold one. Of two the webhook reads either; the CRD's schema refuses them, and so do we. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ['literal', 'environment', 'header', 'formatter'],
  ['metric', 'customMetric'],
  ['listener', 'routeConfiguration', 'cluster', 'waypoint'],
  ['httpGet', 'tcpSocket', 'exec', 'grpc'],
];

function holdsAlternatives(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    ALTERNATIVES.some(
      names => names.filter(name => name in value).length > 1,
    ) || Object.values(value).some(holdsAlternatives)
  );
}

/** One of every kind that the webhook is asked about. */
export const spoiltObjects: fc.Arbitrary<KubeObject[]> = fc
  .tuple(...[...EXAMPLES.values()].map(objectsOf))
  .map(list => list.filter(({ spec }) => !holdsAlternatives(spec)));
