import * as fc from 'fast-check';
import type {
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import { compact, day, pick, rarely } from './base';

/** What routes are attached to: Services, or the Gateway. */
export type RoutePlace = 'mesh' | 'gateway';

const gatewayParent = fc
  .record({
    name: pick('kg', 'kg', 'kg', 'other'),
    namespace: fc.constant('b'),
    sectionName: rarely(pick('http', 'http-b', 'tls', 'tcp'), 3),
    port: rarely(pick(80, 443), 6),
  })
  .map(compact);

const serviceParent = fc
  .record({
    group: fc.constant(''),
    kind: fc.constant('Service'),
    name: pick('web', 'api', 'store', 'web'),
    namespace: rarely(pick('a', 'b'), 3),
    port: rarely(pick(80, 8080), 3),
  })
  .map(compact);

/** Backends that are there and not, of one namespace or another. */
export const backendRef = fc
  .record({
    name: pick('web', 'api', 'store', 'nobody'),
    namespace: rarely(pick('a', 'b'), 3),
    kind: rarely(pick('Secret'), 12),
    port: pick(80, 8080, 9000),
    weight: rarely(pick(0, 1, 3), 3),
  })
  .map(compact);

/** Routes of one kind, `r0`, `r1` and so on behind the prefix of their names. */
export const routesOf = (options: {
  kind: KindName;
  prefix: string;
  place: RoutePlace;
  rules: fc.Arbitrary<object[]>;
  /** Lists to choose from, where the kind has hostnames that count at this place. */
  hostnames?: fc.Arbitrary<string[]>;
  minLength?: number;
}): fc.Arbitrary<KubeObject[]> => {
  const { kind, prefix, place, rules, hostnames, minLength = 1 } = options;
  const parent: fc.Arbitrary<object> =
    place === 'mesh' ? serviceParent : gatewayParent;
  return fc
    .array(
      fc.record({
        namespace: pick('a', 'b'),
        day,
        parentRefs: fc.array(parent, { minLength: 1, maxLength: 2 }),
        hostnames: hostnames
          ? rarely(hostnames, 3)
          : fc.constant<string[] | undefined>(undefined),
        rules,
      }),
      { minLength, maxLength: 5 },
    )
    .map(list =>
      list.map(({ namespace, day: created, ...spec }, index) =>
        aged(
          kind,
          { namespace, name: `${prefix}${index}`, day: created },
          compact(spec),
        ),
      ),
    );
};

/** Names of requests at the Gateway. */
export const outsideHostnames = fc.uniqueArray(
  pick(
    'shop.example.com',
    '*.example.com',
    'web.example.com',
    'api.example.org',
  ),
  { minLength: 1, maxLength: 2 },
);
