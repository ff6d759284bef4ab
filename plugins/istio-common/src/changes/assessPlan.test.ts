import { compileIntent } from '../intents/compileIntent';
import type { Intent } from '../intents/intent';
import {
  matchReviews,
  reviewsWorld,
} from '../mesh/traffic/reviewsWorld.testdata';
import { resolveTrafficSplit } from '../mesh/traffic/resolveTrafficSplit';
import type { KubeObject } from '../resources/types';
import { withObjects } from '../snapshot/buildSnapshot';
import type { MeshSnapshot } from '../snapshot/types';
import type { RequestSample, TrafficObservation } from '../telemetry/types';
import { kubeObject, service } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { observation, requestsBothSides } from '../testUtils/traffic';
import { assessPlan } from './assessPlan';
import { invertPlan } from './invertPlan';
import { planChange } from './planChange';
import type { Plan } from './types';

const rule = kubeObject(
  'DestinationRule',
  { namespace: 'catalog', name: 'reviews' },
  {
    spec: {
      host: 'reviews',
      subsets: ['v1', 'v2', 'v3'].map(name => ({
        name,
        labels: { version: name },
      })),
    },
  },
);

const route = (
  weights: Record<string, number>,
  options: { match?: unknown[]; more?: unknown[] } = {},
) =>
  kubeObject(
    'VirtualService',
    { namespace: 'catalog', name: 'reviews' },
    {
      spec: {
        hosts: ['reviews'],
        http: [
          {
            ...(options.match && { match: options.match }),
            route: Object.entries(weights).map(([subset, weight]) => ({
              destination: { host: 'reviews', subset },
              weight,
            })),
          },
          ...(options.more ?? []),
        ],
      },
    },
  );

const shift = (
  weights: Record<string, number>,
  options: { clusters?: string[]; create?: boolean } = {},
): Intent => ({
  type: 'shiftTraffic',
  params: {
    clusters: options.clusters ?? ['prod-eu'],
    namespace: 'catalog',
    service: 'reviews',
    ...(!options.create && {
      route: {
        kind: 'VirtualService' as const,
        namespace: 'catalog',
        name: 'reviews',
        fieldPath: 'http[0]',
      },
    }),
    weights: Object.entries(weights).map(([key, weight]) => ({ key, weight })),
  },
});

/** Five minutes of the mocks: catalog 18 req/s, storefront 6 req/s, split 80 to 20. */
const traffic = (cluster = 'prod-eu', factor = 1): RequestSample[] =>
  [
    ['catalog.catalog', 18],
    ['storefront.storefront', 6],
  ].flatMap(([from, rate]) =>
    [
      ['v1', 0.8],
      ['v2', 0.2],
    ].flatMap(([version, share]) =>
      requestsBothSides(Number(rate) * Number(share) * 300 * factor, {
        from: String(from),
        to: `reviews-${version}.catalog@${version}`,
        service: 'reviews.catalog',
        cluster,
      }),
    ),
  );

/** v2 calls ratings once per request, v1 never. */
const downstream = requestsBothSides(4.8 * 300, {
  from: 'reviews-v2.catalog@v2',
  to: 'ratings.catalog',
  service: 'ratings.catalog',
});

function world(objects: KubeObject[], cluster = 'prod-eu'): MeshSnapshot {
  return snapshotOf(
    [
      ...reviewsWorld(),
      service({ namespace: 'catalog', name: 'ratings' }),
      ...objects,
    ],
    { cluster },
  );
}

function assess(options: {
  snapshots: MeshSnapshot[];
  intent?: Intent;
  plan?: Plan;
  observations?: TrafficObservation[];
}) {
  const { snapshots, intent, observations = [] } = options;
  const plan =
    options.plan ??
    planChange({
      compiled: snapshots.map(snapshot => {
        const compiled = compileIntent({ intent: intent!, snapshot });
        if (!compiled.ok) {
          throw new Error(JSON.stringify(compiled.problems));
        }
        return { snapshot, ...compiled };
      }),
    });
  const match = matchReviews(snapshots);
  const split = resolveTrafficSplit({ match, snapshots, observations });
  return assessPlan({ plan, intent, split, match, snapshots, observations });
}

const text = (sentence: { text: string }[] | undefined) =>
  sentence?.map(part => part.text).join('');

describe('assessPlan', () => {
  it('says what the dialog of the mocks says', () => {
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20, v3: 0 })])],
      intent: shift({ v1: 70, v2: 30, v3: 0 }),
      observations: [observation([...traffic(), ...downstream])],
    });
    expect(result.title).toBe('v2 from 20 to 30 %');
    expect(text(result.effect)).toBe(
      '10 of 100 requests move from v1 to v2. v3 stays without traffic.',
    );
    expect(text(result.detail)).toBe(
      'ratings gets 7.2 req/s from here instead of 4.8, because v2 calls it and v1 does not.',
    );
    expect(result.detail?.[0].workload).toEqual({
      namespace: 'catalog',
      name: 'ratings',
    });
    expect(result.observedSeconds).toBe(300);
    expect(
      result.versions.map(version => ({
        ...version,
        requestsPerSecondBefore: version.requestsPerSecondBefore?.toFixed(1),
        requestsPerSecondAfter: version.requestsPerSecondAfter?.toFixed(1),
        requestsPerSecondPerPodAfter:
          version.requestsPerSecondPerPodAfter?.toFixed(1),
        observed: version.observed?.toFixed(3),
      })),
    ).toEqual([
      {
        key: 'v1',
        label: 'v1',
        before: 0.8,
        observed: '0.800',
        after: 0.7,
        podsReady: 4,
        requestsPerSecondBefore: '19.2',
        requestsPerSecondAfter: '16.8',
        requestsPerSecondPerPodAfter: '4.2',
      },
      {
        key: 'v2',
        label: 'v2',
        before: 0.2,
        observed: '0.200',
        after: 0.3,
        podsReady: 2,
        requestsPerSecondBefore: '4.8',
        requestsPerSecondAfter: '7.2',
        requestsPerSecondPerPodAfter: '3.6',
      },
      {
        key: 'v3',
        label: 'v3',
        before: 0,
        observed: '0.000',
        after: 0,
        podsReady: 1,
        requestsPerSecondBefore: '0.0',
        requestsPerSecondAfter: '0.0',
        requestsPerSecondPerPodAfter: '0.0',
      },
    ]);
    expect(
      result.callers.map(caller => [
        caller.workload,
        caller.requestsPerSecond.toFixed(1),
        caller.movedBefore.toFixed(1),
        caller.movedAfter.toFixed(1),
      ]),
    ).toEqual([
      ['catalog', '18.0', '3.6', '5.4'],
      ['storefront', '6.0', '1.2', '1.8'],
    ]);
    expect(result.findings).toEqual({ added: [], cleared: [] });
  });

  it('names what a larger step adds and clears', () => {
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20, v3: 0 })])],
      intent: shift({ v1: 50, v2: 40, v3: 10 }),
      observations: [observation([...traffic(), ...downstream])],
    });
    expect(text(result.effect)).toBe(
      '30 of 100 requests leave v1: v2 doubles to 40 %, and v3 gets its first 10 %.',
    );
    expect(result.findings).toEqual({
      added: [
        expect.objectContaining({
          code: 'versionWithOnePod',
          severity: 'warning',
          text: 'v3 has one ready pod. A restart stops 10 % of requests.',
          fieldPath: 'http[0]',
        }),
      ],
      cleared: [
        expect.objectContaining({
          code: 'versionWithoutTraffic',
          text: 'v3 gets no traffic.',
        }),
      ],
    });
    // v3 served nothing yet, so what it calls cannot be told.
    expect(result.detail).toBeUndefined();
  });

  it('warns of a version without ready pods', () => {
    const snapshot = world([rule, route({ v1: 80, v2: 20, v3: 0 })]);
    const v2 = snapshot
      .list('Pod')
      .filter(({ metadata }) => metadata.labels?.version === 'v2')
      .map(pod => ({
        ...pod,
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      }));
    const result = assess({
      snapshots: [withObjects(snapshot, { replace: v2 })],
      intent: shift({ v1: 0, v2: 100, v3: 0 }),
    });
    expect(text(result.effect)).toBe(
      '80 of 100 requests move from v1 to v2, and v1 gets none any more. v3 stays without traffic.',
    );
    expect(result.findings.added.map(finding => finding.text)).toEqual([
      'v1 gets no traffic.',
    ]);
    const first = assess({
      snapshots: [
        withObjects(snapshot, {
          replace: [...v2, route({ v1: 100, v2: 0, v3: 0 })],
        }),
      ],
      intent: shift({ v1: 90, v2: 10, v3: 0 }),
    });
    expect(first.findings.added.map(finding => finding.text)).toEqual([
      'v2 has no ready pods. 10 % of requests would fail.',
    ]);
  });

  it('leaves rates out where no telemetry answers', () => {
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20 })])],
      intent: shift({ v1: 70, v2: 30 }),
      observations: [observation([], { error: 'no answer' })],
    });
    expect(result.observedSeconds).toBe(0);
    expect(result.callers).toEqual([]);
    expect(result.versions[0]).toEqual({
      key: 'v1',
      label: 'v1',
      before: 0.8,
      after: 0.7,
      podsReady: 4,
    });
  });

  it('weighs clusters by their requests', () => {
    const result = assess({
      snapshots: [
        world([rule, route({ v1: 80, v2: 20 })]),
        world([rule, route({ v1: 100, v2: 0 })], 'prod-us'),
      ],
      intent: shift({ v1: 50, v2: 50 }, { clusters: ['prod-eu', 'prod-us'] }),
      observations: [
        observation(traffic()),
        observation(traffic('prod-us', 3), { cluster: 'prod-us' }),
      ],
    });
    expect(result.versions.map(({ before, after }) => [before, after])).toEqual(
      [
        [0.95, 0.5],
        [0.05, 0.5],
      ],
    );
    expect(result.versions[0].requestsPerSecondBefore).toBeCloseTo(
      24 * 0.8 + 72,
    );
    expect(result.callers[0]).toMatchObject({ workload: 'catalog' });
    expect(result.callers[0].requestsPerSecond).toBeCloseTo(72);
    expect(result.callers[0].movedBefore).toBeCloseTo(3.6);
    expect(result.callers[0].movedAfter).toBeCloseTo(36);
    expect(result.findings.cleared.map(finding => finding.text)).toEqual([
      'v2 gets no traffic in prod-us.',
    ]);
  });

  it('says once what holds for several clusters', () => {
    const result = assess({
      snapshots: ['prod-eu', 'prod-us'].map(name =>
        world([rule, route({ v1: 100, v2: 0, v3: 0 })], name),
      ),
      intent: shift(
        { v1: 90, v2: 0, v3: 10 },
        { clusters: ['prod-eu', 'prod-us'] },
      ),
      observations: [],
    });
    expect(result.findings.added.map(finding => finding.text)).toEqual([
      'v3 has one ready pod in prod-eu and prod-us. A restart stops 10 % of requests.',
    ]);
    expect(result.findings.cleared.map(finding => finding.text)).toEqual([
      'v3 gets no traffic in prod-eu and prod-us.',
    ]);
  });

  it('knows a first split by the pods that answered so far', () => {
    const result = assess({
      snapshots: [world([])],
      intent: shift({ v1: 90, v2: 10, v3: 0 }, { create: true }),
      observations: [observation(traffic())],
    });
    expect(result.title).toBe('first split: v1 90 %, v2 10 %');
    expect(text(result.effect)).toBe(
      '90 of 100 requests go to v1 and 10 to v2. Until now all ready pods of reviews got requests alike.',
    );
    expect(
      result.versions.map(({ key, before, after }) => [
        key,
        before.toFixed(2),
        after,
      ]),
    ).toEqual([
      ['v1', '0.57', 0.9],
      ['v2', '0.29', 0.1],
      ['v3', '0.14', 0],
    ]);
  });

  it('reads a revert off its plan', () => {
    const before = world([rule, route({ v1: 80, v2: 20, v3: 0 })]);
    const compiled = compileIntent({
      intent: shift({ v1: 70, v2: 30, v3: 0 }),
      snapshot: before,
    });
    if (!compiled.ok) throw new Error('refused');
    const { operations } = planChange({
      compiled: [{ snapshot: before, ...compiled }],
    });
    const after = withObjects(before, {
      replace: [compiled.desired[compiled.desired.length - 1]],
    });
    const inverted = invertPlan({ operations, snapshots: [after] });
    if (!inverted.ok) throw new Error('refused');
    const result = assess({ snapshots: [after], plan: inverted.plan });
    expect(result.title).toBe('v1 from 70 to 80 %');
    expect(text(result.effect)).toBe(
      '10 of 100 requests move from v2 to v1. v3 stays without traffic.',
    );
  });

  it('says so when nothing changes', () => {
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20 })])],
      intent: shift({ v1: 80, v2: 20 }),
    });
    expect(text(result.effect)).toBe(
      'Nothing changes: every version keeps its share.',
    );
    expect(result.versions.map(({ before }) => before)).toEqual([0.8, 0.2]);
  });

  it('tells time limits, callers and findings of a change of settings', () => {
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20 })])],
      intent: {
        type: 'timeoutsAndRetries',
        params: {
          clusters: ['prod-eu'],
          namespace: 'catalog',
          service: 'reviews',
          route: {
            kind: 'VirtualService',
            namespace: 'catalog',
            name: 'reviews',
            fieldPath: 'http[0]',
          },
          timeout: '2s',
          retries: {
            mode: 'on',
            attempts: 3,
            perTryTimeout: '1s',
            retryOn: [],
            statusCodes: [503],
          },
        },
      },
      observations: [observation([...traffic(), ...downstream])],
    });
    expect(text(result.effect)).toBe(
      'Timeout, http[0]: 2 s, until now None. Retries, http[0]: 3, each for at most 1 s, until now 2.',
    );
    expect(text(result.detail)).toBe(
      'Time limits along the path of calls: reviews within 2 s, ratings without limit.',
    );
    expect(result.versions).toEqual([]);
    expect(result.behaviour.map(({ what }) => what)).toEqual([
      'Timeout',
      'Retries',
    ]);
    expect(result.callers.map(({ workload }) => workload)).toEqual([
      'catalog',
      'storefront',
    ]);
    expect(result.findings.added).toContainEqual(
      expect.objectContaining({
        code: 'ISB0120',
        text: 'One try may take 1s, all of them 2s: only 2 of the 4 tries fit into it if each takes its time.',
        fieldPath: 'spec.http[0].retries.perTryTimeout',
      }),
    );
    expect(result.findings.cleared).toEqual([]);
  });

  it('does not claim rates for a route behind a condition', () => {
    const result = assess({
      snapshots: [
        world([
          rule,
          route(
            { v1: 80, v2: 20 },
            {
              match: [{ headers: { 'x-canary': { exact: 'yes' } } }],
              more: [
                { route: [{ destination: { host: 'reviews', subset: 'v1' } }] },
              ],
            },
          ),
        ]),
      ],
      intent: shift({ v1: 50, v2: 50 }),
      observations: [observation(traffic())],
    });
    expect(result.versions[0].requestsPerSecondAfter).toBeUndefined();
    expect(text(result.detail)).toContain('cannot be told');
    expect(result.callers).toHaveLength(2);
  });

  it('tells an arm of a test that never gets a request, with a winner for all others', () => {
    const beta = { by: 'header' as const, name: 'x-beta' };
    const result = assess({
      snapshots: [world([rule, route({ v1: 80, v2: 20 })])],
      intent: {
        type: 'abTest',
        params: {
          clusters: ['prod-eu'],
          namespace: 'catalog',
          service: 'reviews',
          route: {
            kind: 'VirtualService',
            namespace: 'catalog',
            name: 'reviews',
            fieldPath: 'http[0]',
          },
          arms: [
            { who: [[{ ...beta, op: 'present' }]], version: 'v2' },
            {
              who: [[{ ...beta, op: 'exact', value: 'yes' }]],
              version: 'v3',
            },
          ],
          otherArms: 'end',
          everybodyElse: 'v1',
        },
      },
      observations: [observation(traffic())],
    });
    expect(text(result.effect)).toContain(
      '20 of 100 requests move from v2 to v1',
    );
    expect(
      result.behaviour.map(({ what, after }) => [
        what,
        after.text,
        after.detail,
      ]),
    ).toEqual([
      ['Header x-beta is present', 'v2 100 %', undefined],
      [
        'Header x-beta is exactly yes',
        'v3 100 %',
        'Rule 1 takes these requests before this one.',
      ],
    ]);
    expect(result.findings.added).toContainEqual(
      expect.objectContaining({
        code: 'ISB0108',
        fieldPath: 'spec.http[1]',
      }),
    );
  });
});
