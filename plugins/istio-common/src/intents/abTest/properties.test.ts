import fc from 'fast-check';
import { fieldsOf } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import { validateObject } from '../../validation/validateObject';
import { buildWorld } from '../__testUtils__/goldenCases.testdata';
import { compileIntent } from '../compileIntent';
import { whoKey } from './armBlock';
import { recogniseAbTest } from './recognise';
import {
  abTestParamsSchema,
  placeOf,
  type AbTestParams,
  type AudienceCondition,
} from './schema';

const KINDS = ['VirtualService', 'HTTPRoute'] as const;
type Kind = (typeof KINDS)[number];

const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'catalog' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 9080 }] },
});
const subsets: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    host: 'reviews',
    subsets: ['v1', 'v2', 'v3'].map(name => ({
      name,
      labels: { version: name },
    })),
  },
};

/** A route with weights, narrowed or not, and a foreign rule above it; `extra` stands at every level. */
function build(kind: Kind, narrow: boolean, extra: object): KubeObject {
  if (kind === 'HTTPRoute') {
    const matches = [
      {
        path: { type: 'PathPrefix', value: '/shop' },
        headers: [{ name: 'x-own', value: '1' }],
      },
    ];
    return {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { name: 'reviews', namespace: 'catalog' },
      spec: {
        ...extra,
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews' }],
        rules: [
          {
            matches: [{ method: 'PUT' }],
            backendRefs: [{ name: 'v1', port: 9080, ...extra }],
          },
          {
            ...(narrow && { matches }),
            ...extra,
            backendRefs: ['v1', 'v2'].map(name => ({
              name,
              port: 9080,
              weight: 1,
              ...extra,
            })),
          },
        ],
      },
    };
  }
  const match = [
    { uri: { prefix: '/shop' }, headers: { 'x-own': { exact: '1' } } },
    { uri: { prefix: '/shop' }, method: { exact: 'POST' } },
  ];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: 'reviews', namespace: 'catalog' },
    spec: {
      ...extra,
      hosts: ['reviews'],
      http: [
        {
          match: [{ method: { exact: 'PUT' } }],
          ...extra,
          route: [{ destination: { host: 'reviews', subset: 'v1' } }],
        },
        {
          ...(narrow && { match }),
          ...extra,
          route: [
            {
              destination: { host: 'reviews', subset: 'v1' },
              weight: 80,
              ...extra,
            },
            { destination: { host: 'reviews', subset: 'v2' }, weight: 20 },
          ],
        },
      ],
    },
  };
}

const word = fc.stringMatching(/^[a-z][a-z0-9.+]{0,5}[a-z0-9]$/);
const path = word.map(text => `/shop/${text}`);
const regex = fc.constantFrom('a|b', '[0-9]{2,}', 'x.+y');

function condition(kind: Kind): fc.Arbitrary<AudienceCondition> {
  const anywhere: fc.Arbitrary<AudienceCondition>[] = [
    fc.record({
      by: fc.constant('path' as const),
      op: fc.constantFrom('exact' as const, 'prefix' as const),
      value: path,
    }),
    fc.record({
      by: fc.constant('header' as const),
      name: fc.constantFrom('x-a', 'x-b'),
      op: fc.constantFrom('exact' as const, 'prefix' as const),
      value: word,
    }),
    fc.record({
      by: fc.constant('header' as const),
      name: fc.constantFrom('x-a', 'x-b'),
      op: fc.constant('regex' as const),
      value: regex,
    }),
    fc.record({
      by: fc.constant('header' as const),
      name: fc.constantFrom('x-a', 'x-b'),
      op: fc.constant('present' as const),
    }),
    fc.record({
      by: fc.constant('cookie' as const),
      name: fc.constantFrom('group', 'a.b'),
      value: word,
    }),
    fc.record({
      by: fc.constant('query' as const),
      name: fc.constantFrom('q', 'r'),
      op: fc.constant('exact' as const),
      value: word,
    }),
  ];
  const callers: fc.Arbitrary<AudienceCondition>[] = [
    fc.record({
      by: fc.constant('sourceNamespace' as const),
      namespace: fc.constantFrom('qa', 'shop'),
    }),
    fc.record({
      by: fc.constant('sourceWorkload' as const),
      labels: fc.constantFrom<Record<string, string>[]>(
        { app: 'catalog' },
        { app: 'catalog', version: 'v2' },
      ),
    }),
  ];
  return fc.oneof(
    ...(kind === 'VirtualService' ? [...anywhere, ...callers] : anywhere),
  );
}

const paramsOf = (kind: Kind): fc.Arbitrary<AbTestParams> =>
  fc
    .record({
      arms: fc.uniqueArray(
        fc.record({
          who: fc.uniqueArray(
            fc.uniqueArray(condition(kind), {
              minLength: 1,
              maxLength: 3,
              selector: placeOf,
            }),
            { minLength: 1, maxLength: 2, selector: each => whoKey([each]) },
          ),
          version: fc.constantFrom('v1', 'v2', 'v3'),
        }),
        { maxLength: 3, selector: ({ who }) => whoKey(who) },
      ),
      last: fc.oneof(
        fc.constant({}),
        fc.constant({ everybodyElse: 'v2' }),
        fc.constant({ sticky: { cookie: 'ab', maxAge: 600 } }),
      ),
    })
    .map(({ arms, last }) =>
      abTestParamsSchema.parse({
        clusters: ['prod-eu'],
        namespace: 'catalog',
        service: 'reviews',
        route: {
          kind,
          namespace: 'catalog',
          name: 'reviews',
          fieldPath: kind === 'HTTPRoute' ? 'rules[1]' : 'http[1]',
        },
        arms,
        otherArms: 'end',
        ...last,
      }),
    );

const SERVICES = ['reviews', 'v1', 'v2', 'v3'].map(service);

function compileOn(object: KubeObject, params: AbTestParams): KubeObject {
  const result = compileIntent({
    intent: { type: 'abTest', params },
    snapshot: buildWorld([...SERVICES, subsets, object]),
  });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.desired[0];
}

const rulesOf = (object: KubeObject) =>
  fieldsOf(object.spec)[
    object.kind === 'HTTPRoute' ? 'rules' : 'http'
  ] as unknown[];

/** The parameters with the route where it stands now: arms push it down. */
function movedTo(object: KubeObject, params: AbTestParams): AbTestParams {
  const { route } = params;
  const section = object.kind === 'HTTPRoute' ? 'rules' : 'http';
  const fieldPath = `${section}[${rulesOf(object).length - 1}]`;
  return { ...params, route: { ...route!, fieldPath } };
}

/** Conditions in one order: a map does not keep the order they were asked in. */
const sorted = (params: AbTestParams) => ({
  ...params,
  arms: params.arms.map(({ who, version }) => ({
    version,
    who: who.map(each =>
      [...each].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    ),
  })),
});

const extras = fc.dictionary(
  fc.constantFrom('x1', 'futureField'),
  fc.oneof(fc.string(), fc.constant({ deep: [1, { a: 'b' }] })),
);

describe.each(KINDS)('an A/B test in a %s', kind => {
  it('is read back as it was written, is what Istio takes, and changes nothing a second time', () => {
    fc.assert(
      fc.property(paramsOf(kind), fc.boolean(), (params, narrow) => {
        const written = compileOn(build(kind, narrow, {}), params);
        expect(validateObject(written).errors).toEqual([]);
        const moved = movedTo(written, params);
        const read = recogniseAbTest({
          object: written,
          fieldPath: moved.route!.fieldPath,
          clusters: params.clusters,
          domain: 'cluster.local',
        });
        expect(read.ok && sorted(read.params)).toEqual(sorted(moved));
        expect(compileOn(written, moved).spec).toEqual(written.spec);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves every field that it does not know, and its end leaves the route as it was', () => {
    fc.assert(
      fc.property(paramsOf(kind), extras, (params, extra) => {
        const { everybodyElse: _, ...test } = params;
        const object = build(kind, true, extra);
        const written = compileOn(object, test);
        const [foreign, ...others] = rulesOf(written);
        expect(foreign).toEqual(rulesOf(object)[0]);
        others.forEach(rule => expect(rule).toMatchObject(extra));
        const end = { ...movedTo(written, test), arms: [], sticky: undefined };
        expect(compileOn(written, end).spec).toEqual(object.spec);
      }),
      { numRuns: 60 },
    );
  });
});
