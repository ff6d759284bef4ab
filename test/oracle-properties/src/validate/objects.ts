import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { authzWorlds } from '../authz/worlds';
import { mtlsWorlds } from '../mtls/worlds';

const JUDGED = new Set([
  'AuthorizationPolicy',
  'PeerAuthentication',
  'DestinationRule',
  'Sidecar',
]);

/** Values that are wrong in most places, and right in some. `null` is left to the CRD's schema. */
const wrong = fc.constantFrom<unknown>(
  '',
  '*',
  'a*b*',
  '/a/{**}/b/{*}',
  '/{x}',
  '10.0.0.0/99',
  '70000',
  'x/y/z',
  'UNKNOWN[',
  [],
  {},
);

/** Places of all values below, as paths. */
function placesOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) => {
    const name = Array.isArray(value) ? Number(key) : key;
    return [[name], ...placesOf(child).map(path => [name, ...path])];
  });
}

/** A copy with one value replaced, or taken away. */
function replaceAt(
  value: unknown,
  path: readonly (string | number)[],
  by: unknown,
): unknown {
  const [name, ...rest] = path;
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string | number, unknown>;
  copy[name] = rest.length === 0 ? by : replaceAt(copy[name], rest, by);
  return copy;
}

/** Objects of generated worlds, most of them with one value spoilt. */
export const spoiltObjects: fc.Arbitrary<KubeObject[]> = fc
  .oneof(
    authzWorlds.map(({ world }) => world.objects),
    mtlsWorlds.map(({ world }) => world.objects),
  )
  .map(objects => objects.filter(({ kind }) => JUDGED.has(kind)))
  .chain(objects =>
    fc
      .tuple(
        ...objects.map(object => {
          const places = placesOf(object.spec);
          return places.length === 0
            ? fc.constant(object)
            : fc.oneof(
                { weight: 1, arbitrary: fc.constant(object) },
                {
                  weight: 3,
                  arbitrary: fc.tuple(fc.constantFrom(...places), wrong).map(
                    ([path, by]): KubeObject => ({
                      ...object,
                      spec: replaceAt(
                        object.spec,
                        path,
                        by,
                      ) as KubeObject['spec'],
                    }),
                  ),
                },
              );
        }),
      )
      .map(list => [...list]),
  );
