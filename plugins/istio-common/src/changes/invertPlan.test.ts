import fc from 'fast-check';
import { compileIntent } from '../intents/compileIntent';
import { recogniseShiftTraffic } from '../intents/shiftTraffic/recognise';
import type { Intent } from '../intents/intent';
import type { KubeObject } from '../resources/types';
import { withObjects } from '../snapshot/buildSnapshot';
import type { MeshSnapshot } from '../snapshot/types';
import { deployment, kubeObject, service } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { applyJsonPatch } from '../resources/applyJsonPatch';
import { hashObject } from './hashObject';
import { invertPlan } from './invertPlan';
import { planChange } from './planChange';
import { stripServerFields } from './stripServerFields';
import type { Plan } from './types';

const VERSIONS = ['v1', 'v2', 'v3', 'v4'];

const world = (...objects: KubeObject[]) =>
  snapshotOf(
    [
      service({ namespace: 'catalog', name: 'reviews' }),
      ...VERSIONS.flatMap(version =>
        deployment({
          namespace: 'catalog',
          name: `reviews-${version}`,
          labels: { app: 'reviews', version },
        }),
      ),
      ...VERSIONS.map(version =>
        service({
          namespace: 'catalog',
          name: version,
          selector: { app: 'reviews', version },
        }),
      ),
      ...objects,
    ],
    { cluster: 'prod-eu' },
  );

const rule = (subsets = VERSIONS) =>
  kubeObject(
    'DestinationRule',
    { namespace: 'catalog', name: 'reviews' },
    {
      spec: {
        host: 'reviews',
        subsets: subsets.map(name => ({ name, labels: { version: name } })),
      },
    },
  );

/** What the API server would hold afterwards, with its own fields moved on and the change noted. */
function apply(snapshot: MeshSnapshot, applied: Plan): MeshSnapshot {
  return applied.operations.reduce((present, operation) => {
    const { action, object, patch, body } = operation;
    if (action === 'delete') {
      return withObjects(present, { replace: [], remove: [object] });
    }
    const base = present.get(
      object.kind as 'VirtualService',
      object.namespace,
      object.name,
    );
    const written =
      action === 'create'
        ? (body as unknown as KubeObject)
        : applyJsonPatch(base!, patch!);
    return withObjects(present, {
      replace: [
        {
          ...written,
          metadata: {
            uid: `new-${object.kind}`,
            ...written.metadata,
            resourceVersion: `${
              Number(base?.metadata.resourceVersion ?? 0) + 1
            }`,
            generation: (base?.metadata.generation ?? 0) + 1,
            annotations: {
              ...written.metadata.annotations,
              'istio-portal.dev/change-id': 'CHANGE',
            },
          },
        },
      ],
    });
  }, snapshot);
}

function plan(snapshot: MeshSnapshot, intent: Intent) {
  const compiled = compileIntent({ intent, snapshot });
  if (!compiled.ok) {
    throw new Error(JSON.stringify(compiled.problems));
  }
  return planChange({ compiled: [{ snapshot, ...compiled }] });
}

const unknownFields = fc.dictionary(
  fc
    .stringMatching(/^[a-z]{3,6}$/)
    .filter(key => !['route', 'match', 'name'].includes(key))
    .map(key => `x${key}`),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 3, noNullPrototype: true },
);

const weight = fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined });

/** A hand-written route with fields, labels and weights nobody planned for. */
const handWritten = fc
  .record({
    kind: fc.constantFrom('VirtualService' as const, 'HTTPRoute' as const),
    weights: fc.array(weight, { minLength: 1, maxLength: 4 }),
    above: fc.integer({ min: 0, max: 2 }),
    extra: unknownFields,
    perDestination: unknownFields,
    specExtra: unknownFields,
    labels: fc.option(
      fc.dictionary(fc.stringMatching(/^[a-z/]{1,5}$/), fc.string(), {
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
    annotations: fc.option(
      fc.dictionary(fc.stringMatching(/^[a-z~/]{1,5}$/), fc.string(), {
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
  })
  .map(made => {
    const isRoute = made.kind === 'HTTPRoute';
    const entries = made.weights.map((value, index) => ({
      ...(isRoute
        ? { name: VERSIONS[index], port: 9080 }
        : { destination: { host: 'reviews', subset: VERSIONS[index] } }),
      ...(value !== undefined && { weight: value }),
      ...made.perDestination,
    }));
    const list = isRoute ? 'backendRefs' : 'route';
    const other = isRoute
      ? { backendRefs: [{ name: 'v1', port: 9080 }] }
      : { route: [{ destination: { host: 'reviews', subset: 'v1' } }] };
    const rules = [
      ...Array.from({ length: made.above }, () => other),
      { ...made.extra, [list]: entries, timeout: '5s' },
      other,
    ];
    const object = JSON.parse(
      JSON.stringify(
        kubeObject(
          made.kind,
          {
            namespace: 'catalog',
            name: 'reviews',
            ...(made.labels && { labels: made.labels }),
            ...(made.annotations && { annotations: made.annotations }),
          },
          {
            spec: {
              ...made.specExtra,
              ...(isRoute
                ? {
                    parentRefs: [
                      { group: '', kind: 'Service', name: 'reviews' },
                    ],
                    rules,
                  }
                : { hosts: ['reviews'], http: rules }),
            },
          },
        ),
      ),
    ) as KubeObject;
    return {
      object,
      fieldPath: `${isRoute ? 'rules' : 'http'}[${made.above}]`,
    };
  });

const recognised = (object: KubeObject, fieldPath: string) =>
  recogniseShiftTraffic({
    object,
    fieldPath,
    clusters: ['prod-eu'],
    domain: 'cluster.local',
  });

/** A share for each destination that sums to 100. */
function share(count: number, cuts: number[]): number[] {
  const sorted = [0, ...cuts.slice(0, count - 1).sort((a, b) => a - b), 100];
  return Array.from({ length: count }, (_, i) => sorted[i + 1] - sorted[i]);
}

describe('a hand-written route', () => {
  it('is not changed by compiling what was recognised in it', () => {
    fc.assert(
      fc.property(handWritten, ({ object, fieldPath }) => {
        const read = recognised(object, fieldPath);
        fc.pre(read.ok);
        if (!read.ok) return;
        const sum = read.params.weights.reduce((a, b) => a + b.weight, 0);
        expect(sum).toBe(100);
        expect(
          plan(world(rule(), object), {
            type: 'shiftTraffic',
            params: read.params,
          }).operations,
        ).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('changes in weights of one rule alone, and comes back as it was', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 100 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(handWritten, cuts, ({ object, fieldPath }, cut) => {
        const read = recognised(object, fieldPath);
        fc.pre(read.ok);
        if (!read.ok) return;
        const shares = share(read.params.weights.length, cut);
        const params = {
          ...read.params,
          weights: read.params.weights.map(({ key }, index) => ({
            key,
            weight: shares[index],
          })),
        };
        const snapshot = world(rule(), object);
        const shift = plan(snapshot, { type: 'shiftTraffic', params });
        const index = Number(/\d+/.exec(fieldPath)![0]);
        const allowed = new RegExp(
          object.kind === 'HTTPRoute'
            ? `^/spec/rules/${index}/backendRefs/\\d+/weight$`
            : `^/spec/http/${index}/route/\\d+/weight$`,
        );
        for (const { op, path } of shift.operations.flatMap(o => o.patch!)) {
          expect(path).toMatch(
            op === 'test' && path.startsWith('/metadata')
              ? /^\/metadata\/(uid|resourceVersion)$/
              : allowed,
          );
        }
        const after = apply(snapshot, shift);
        const shifted = after.get(
          object.kind as 'VirtualService',
          'catalog',
          'reviews',
        )!;
        const again = recognised(shifted, fieldPath);
        expect(again.ok && again.params.weights).toEqual(params.weights);

        const inverted = invertPlan({
          operations: shift.operations,
          snapshots: [after],
        });
        if (!inverted.ok) {
          throw new Error(JSON.stringify(inverted.problems));
        }
        const back = apply(after, inverted.plan).get(
          object.kind as 'VirtualService',
          'catalog',
          'reviews',
        )!;
        expect(JSON.stringify(stripServerFields(back).spec)).toBe(
          JSON.stringify(reorder(back.spec, object.spec)),
        );
        expect(hashObject(back)).toBe(hashObject(object));
      }),
      { numRuns: 400 },
    );
  });
});

/** The expected value with its keys in the order of the actual one: JSON Patch adds at the end. */
function reorder(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return expected.map((item, index) => reorder(actual[index], item));
  }
  if (
    typeof actual === 'object' &&
    actual !== null &&
    typeof expected === 'object' &&
    expected !== null
  ) {
    const map = expected as Record<string, unknown>;
    return Object.fromEntries(
      [...new Set([...Object.keys(actual), ...Object.keys(map)])]
        .filter(key => key in map)
        .map(key => [
          key,
          reorder((actual as Record<string, unknown>)[key], map[key]),
        ]),
    );
  }
  return expected;
}

describe('invertPlan', () => {
  const firstSplit: Intent = {
    type: 'shiftTraffic',
    params: {
      clusters: ['prod-eu'],
      namespace: 'catalog',
      service: 'reviews',
      weights: VERSIONS.map((key, index) => ({
        key,
        weight: index === 0 ? 100 : 0,
      })),
    },
  };
  const shiftTo = (weights: Record<string, number>): Intent => ({
    type: 'shiftTraffic',
    params: {
      ...firstSplit.params,
      route: {
        kind: 'VirtualService',
        namespace: 'catalog',
        name: 'reviews',
        fieldPath: 'http[0]',
      },
      weights: Object.entries(weights).map(([key, value]) => ({
        key,
        weight: value,
      })),
    },
  });
  const route = (weights: Record<string, number>) =>
    kubeObject(
      'VirtualService',
      { namespace: 'catalog', name: 'reviews' },
      {
        spec: {
          hosts: ['reviews'],
          http: [
            {
              route: Object.entries(weights).map(([subset, value]) => ({
                destination: { host: 'reviews', subset },
                weight: value,
              })),
            },
          ],
        },
      },
    );
  const steps = (result: ReturnType<typeof invertPlan>) =>
    result.ok
      ? result.plan.operations.map(
          ({ action, object }) => `${action} ${object.kind}`,
        )
      : result.problems.map(({ code, message }) => `${code}: ${message}`);

  it('deletes what was created, the route first', () => {
    const before = world();
    const shift = plan(before, firstSplit);
    const after = apply(before, shift);
    const inverted = invertPlan({
      operations: shift.operations,
      snapshots: [after],
    });
    expect(steps(inverted)).toEqual([
      'delete VirtualService',
      'delete DestinationRule',
    ]);
    const [first] = inverted.ok ? inverted.plan.operations : [];
    expect(first.base).toMatchObject({
      uid: 'new-VirtualService',
      resourceVersion: '1',
    });
  });

  it('takes the destination back before its subset', () => {
    const before = world(rule(['v1']), route({ v1: 100 }));
    const shift = plan(before, shiftTo({ v1: 90, v2: 10 }));
    expect(
      steps(
        invertPlan({
          operations: shift.operations,
          snapshots: [apply(before, shift)],
        }),
      ),
    ).toEqual(['patch VirtualService', 'patch DestinationRule']);
  });

  it('inverts an inverse', () => {
    const before = world(rule(), route({ v1: 80, v2: 20 }));
    const shift = plan(before, shiftTo({ v1: 70, v2: 30 }));
    const after = apply(before, shift);
    const back = invertPlan({
      operations: shift.operations,
      snapshots: [after],
    });
    if (!back.ok) throw new Error('refused');
    const restored = apply(after, back.plan);
    const forth = invertPlan({
      operations: back.plan.operations,
      snapshots: [restored],
    });
    if (!forth.ok) throw new Error('refused');
    expect(
      hashObject(
        apply(restored, forth.plan).get(
          'VirtualService',
          'catalog',
          'reviews',
        )!,
      ),
    ).toBe(hashObject(after.get('VirtualService', 'catalog', 'reviews')!));
  });

  const shifted = () => {
    const before = world(rule(), route({ v1: 80, v2: 20 }));
    const { operations } = plan(before, shiftTo({ v1: 0, v2: 100 }));
    return { operations, after: apply(before, { hash: '', operations }) };
  };

  it('refuses when somebody changed the object since', () => {
    const { operations, after } = shifted();
    const object = after.get('VirtualService', 'catalog', 'reviews')!;
    const edited = withObjects(after, {
      replace: [{ ...object, spec: { ...object.spec, exportTo: ['.'] } }],
    });
    expect(steps(invertPlan({ operations, snapshots: [edited] }))).toEqual([
      'changed: VirtualService catalog/reviews in prod-eu was changed since; reverting would undo that too',
    ]);
  });

  it('does not mind what the server or the portal itself wrote since', () => {
    const { operations, after } = shifted();
    const object = after.get('VirtualService', 'catalog', 'reviews')!;
    const touched = withObjects(after, {
      replace: [
        {
          ...object,
          metadata: {
            ...object.metadata,
            resourceVersion: '99',
            annotations: { 'istio-portal.dev/change-id': 'OTHER' },
          },
          status: { observedGeneration: 3 },
        },
      ],
    });
    const inverted = invertPlan({ operations, snapshots: [touched] });
    expect(steps(inverted)).toEqual(['patch VirtualService']);
    expect(
      inverted.ok && inverted.plan.operations[0].base?.resourceVersion,
    ).toBe('99');
  });

  it('refuses when the object is gone, or its cluster is', () => {
    const { operations, after } = shifted();
    const gone = withObjects(after, {
      replace: [],
      remove: [operations[0].object],
    });
    expect(steps(invertPlan({ operations, snapshots: [gone] }))).toEqual([
      'gone: VirtualService catalog/reviews in prod-eu was deleted since',
    ]);
    expect(steps(invertPlan({ operations, snapshots: [] }))).toEqual([
      'notCurrent: There is no current data of cluster prod-eu',
    ]);
  });

  it('refuses when the old version is gone: its subset, its pods, its Service', () => {
    const { operations, after } = shifted();
    const without = (change: Parameters<typeof withObjects>[1]) =>
      steps(
        invertPlan({ operations, snapshots: [withObjects(after, change)] }),
      );
    const subset = rule(['v2', 'v3', 'v4']);
    expect(without({ replace: [subset] })).toEqual([
      'missingReference: http[0].route[0] of VirtualService catalog/reviews refers to subset v1 of reviews.catalog.svc.cluster.local, which no DestinationRule defines in prod-eu',
    ]);
    const v1 = after.get('Deployment', 'catalog', 'reviews-v1')!;
    expect(
      without({
        replace: [{ ...v1, spec: { ...v1.spec, replicas: 0 } }],
      }),
    ).toEqual([
      'missingReference: http[0].route[0] of VirtualService catalog/reviews refers to subset v1 of Service catalog/reviews, which has no pods in prod-eu',
    ]);
    expect(
      without({
        replace: [],
        remove: [after.refOf(after.get('Service', 'catalog', 'reviews')!)],
      }),
    ).toEqual([
      'missingReference: http[0].route[0] of VirtualService catalog/reviews refers to Service catalog/reviews, which does not exist in prod-eu',
      'missingReference: http[0].route[1] of VirtualService catalog/reviews refers to Service catalog/reviews, which does not exist in prod-eu',
    ]);
  });

  it('refuses to take a subset from another route', () => {
    const before = world(rule(['v1']), route({ v1: 100 }));
    const shift = plan(before, shiftTo({ v1: 90, v2: 10 }));
    const other = kubeObject(
      'VirtualService',
      { namespace: 'storefront', name: 'preview' },
      {
        spec: {
          hosts: ['preview.example'],
          http: [
            {
              route: [
                {
                  destination: {
                    host: 'reviews.catalog.svc.cluster.local',
                    subset: 'v2',
                  },
                },
              ],
            },
          ],
        },
      },
    );
    const after = withObjects(apply(before, shift), { replace: [other] });
    expect(
      steps(invertPlan({ operations: shift.operations, snapshots: [after] })),
    ).toEqual([
      'missingReference: http[0].route[0] of VirtualService storefront/preview uses subset v2, which DestinationRule catalog/reviews would no longer have in prod-eu',
    ]);
  });
});
