import type {
  Change,
  ChangePreview,
  DiffLine,
  ObjectRef,
  OperationOutcome,
  VersionEffect,
} from '@istio-backstage/plugin-istio-common';

export const REVIEWS_REF = 'component:default/reviews';

/** VirtualService catalog/reviews of a cluster. */
export function reviewsRoute(cluster: string): ObjectRef {
  return {
    cluster,
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'catalog',
    name: 'reviews',
  };
}

export const weightDiff: DiffLine[] = [
  { kind: 'gap', text: '' },
  {
    kind: 'context',
    text: '      - destination: { host: reviews, subset: v1 }',
  },
  { kind: 'removed', text: '        weight: 80' },
  { kind: 'added', text: '        weight: 70' },
  {
    kind: 'context',
    text: '      - destination: { host: reviews, subset: v2 }',
  },
  { kind: 'removed', text: '        weight: 20' },
  { kind: 'added', text: '        weight: 30' },
];

/** A version whose share moves from `before` to `after`, of 24 requests per second. */
export function effect(
  key: string,
  before: number,
  after: number,
): VersionEffect {
  return {
    key,
    label: key,
    before,
    observed: before,
    after,
    requestsPerSecondBefore: before * 24,
    requestsPerSecondAfter: after * 24,
    podsReady: 2,
    requestsPerSecondPerPodAfter: after * 12,
  };
}

/** What a cluster answered to the change of the route. */
export function outcome(
  index: number,
  cluster: string,
  more: Partial<OperationOutcome> = {},
): OperationOutcome {
  return {
    index,
    object: reviewsRoute(cluster),
    action: 'patch',
    outcome: 'applied',
    status: 200,
    auditId: `audit-${cluster}`,
    diff: weightDiff,
    ...more,
  };
}

/** v2 of reviews from 20 to 30 %, applied in two clusters and seen in traffic. */
export function buildChange(more: Partial<Change> = {}): Change {
  return {
    id: '01J2T0000000000000000CHG01',
    entityRef: REVIEWS_REF,
    intentType: 'shiftTraffic',
    title: 'v2 from 20 to 30 %',
    state: 'verified',
    requestedBy: {
      entityRef: 'user:default/mira.kovac',
      groups: ['group:default/catalog-team'],
    },
    actsAs: { user: 'mira.kovac', groups: ['catalog-team'] },
    reason: 'Next canary step',
    ticket: 'CAT-219',
    createdAt: '2026-07-14T14:12:31Z',
    updatedAt: '2026-07-14T14:13:40Z',
    versions: [effect('v1', 0.8, 0.7), effect('v2', 0.2, 0.3)],
    operations: [outcome(0, 'prod-eu'), outcome(1, 'prod-us')],
    guardrails: [
      { policy: 'step', verdict: 'pass', text: 'Step of 10 points, limit 25' },
    ],
    events: [
      { at: '2026-07-14T14:12:31Z', kind: 'requested', text: 'Requested' },
      { at: '2026-07-14T14:12:33Z', kind: 'applied', text: 'Applied' },
      { at: '2026-07-14T14:12:34Z', kind: 'observed', text: 'Seen' },
      {
        at: '2026-07-14T14:13:40Z',
        kind: 'verified',
        text: 'Seen in traffic: v2 29.6 %',
      },
    ],
    revert: { possible: true },
    ...more,
  };
}

/** Preview of a change with such versions. `base` names what the objects were. */
export function buildPreview(
  options: {
    versions?: VersionEffect[];
    base?: string;
    computedAt?: string;
    clusters?: string[];
  } & Partial<ChangePreview> = {},
): ChangePreview {
  const {
    versions = [
      effect('v1', 0.8, 0.7),
      effect('v2', 0.2, 0.3),
      effect('v3', 0, 0),
    ],
    base = 'a',
    computedAt = '2026-07-14T14:32:00Z',
    clusters = ['prod-eu', 'prod-us'],
    ...more
  } = options;
  return {
    plan: {
      hash: hashOf(base, versions),
      operations: clusters.map((cluster, index) => ({
        index,
        action: 'patch',
        object: reviewsRoute(cluster),
        base: { uid: `uid-${cluster}`, resourceVersion: base, hash: base },
        patch: [],
        diff: weightDiff,
        fieldManagers: [],
      })),
    },
    title: 'v2 from 20 to 30 %',
    effect: [{ text: '10 of 100 requests move from v1 to v2.' }],
    versions,
    behaviour: [],
    observedSeconds: 300,
    callers: [
      {
        workload: 'catalog',
        namespace: 'catalog',
        requestsPerSecond: 18,
        movedBefore: 3.6,
        movedAfter: 5.4,
        entityRef: 'component:default/catalog',
        ownerRef: 'group:default/catalog-team',
        yours: true,
      },
    ],
    findings: { added: [], cleared: [] },
    guardrails: [
      { policy: 'step', verdict: 'pass', text: 'Step of 10 points, limit 25' },
    ],
    dryRun: clusters.map(cluster => ({
      cluster,
      object: reviewsRoute(cluster),
      result: 'accepted',
      warnings: [],
      istioWebhook: 'tookPart',
    })),
    keptAsIs: ['adds the response header x-reviews'],
    actsAs: { user: 'mira.kovac', groups: ['catalog-team'] },
    apply: { allowed: true, reasons: [] },
    computedAt,
    ...more,
  };
}

/** Sixty-four hexadecimal digits that stand for base and weights. */
function hashOf(base: string, versions: VersionEffect[]): string {
  const text = `${base}${versions
    .map(version => Math.round(version.after * 100))
    .join('-')}`;
  return [...text]
    .map(letter => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);
}
