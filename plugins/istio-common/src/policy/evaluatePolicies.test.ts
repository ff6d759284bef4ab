import type { AffectedCaller, Plan, PlanOperation } from '../changes/types';
import type { EntityMatch } from '../entity/types';
import {
  matchReviews,
  reviewsWorld,
} from '../mesh/traffic/reviewsWorld.testdata';
import type { KubeObject } from '../resources/types';
import { kubeObject } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { evaluatePolicies, strictestVerdict } from './evaluatePolicies';
import { guardrailSettingsSchema } from './settings';
import type { PolicyInput } from './types';

const snapshot = snapshotOf(reviewsWorld(), { cluster: 'prod-eu' });
const match: EntityMatch = {
  ...matchReviews([snapshot]),
  claim: {
    entityRef: 'component:default/reviews',
    ownerRef: 'group:default/catalog-team',
    clusters: [],
    selector: { app: 'reviews' },
    selectorFrom: '',
    services: [],
  },
};

const route = (
  hosts: string[],
  options: {
    namespace?: string;
    gateways?: string[];
    metadata?: Partial<KubeObject['metadata']>;
    weights?: [string, number][];
  } = {},
) =>
  kubeObject(
    'VirtualService',
    {
      namespace: options.namespace ?? 'catalog',
      name: 'reviews',
      ...options.metadata,
    },
    {
      spec: {
        hosts,
        ...(options.gateways && { gateways: options.gateways }),
        http: [
          {
            route: (options.weights ?? [['reviews', 100]]).map(
              ([host, weight]) => ({ destination: { host }, weight }),
            ),
          },
        ],
      },
    },
  );

function actionOf(after: unknown, before: unknown): PlanOperation['action'] {
  if (!before) {
    return 'create';
  }
  return after ? 'patch' : 'delete';
}

function operation(
  after: KubeObject | undefined,
  before: KubeObject | undefined = undefined,
  extra: Partial<PlanOperation> = {},
): PlanOperation {
  const object = (after ?? before)!;
  return {
    index: 0,
    action: actionOf(after, before),
    object: snapshot.refOf(object),
    ...(before && { before: before as unknown as Record<string, unknown> }),
    ...(after && { after: after as unknown as Record<string, unknown> }),
    diff: [],
    fieldManagers: [],
    ...extra,
  };
}

function judge(
  operations: PlanOperation[],
  input: Partial<PolicyInput> & {
    step?: number;
    callers?: AffectedCaller[];
  } = {},
) {
  const { step = 10, callers = [], ...rest } = input;
  const plan: Plan = { hash: '', operations };
  return evaluatePolicies({
    plan,
    match,
    snapshots: [snapshot],
    assessment: {
      versions: [
        {
          key: 'v1',
          label: 'v1',
          before: 0.8,
          after: 0.8 - step / 100,
          podsReady: 1,
        },
        {
          key: 'v2',
          label: 'v2',
          before: 0.2,
          after: 0.2 + step / 100,
          podsReady: 1,
        },
      ],
      callers,
      observedSeconds: 300,
    },
    ...rest,
  });
}

const verdicts = (list: ReturnType<typeof judge>, policy: string) =>
  list
    .filter(each => each.policy === policy)
    .map(({ verdict, text }) => `${verdict}: ${text}`);

describe('evaluatePolicies', () => {
  it('passes a shift of the own route, with a line for each guardrail', () => {
    const list = judge([operation(route(['reviews']), route(['reviews']))]);
    expect(list.map(({ verdict, text }) => `${verdict}: ${text}`)).toEqual([
      'pass: Step of 10 points: below the 25 that other teams should know of',
      'pass: Host reviews belongs to catalog-team',
      'pass: No other tool manages the objects that change',
      'pass: Only kinds that are in self-service change',
      'pass: Nothing of the root namespace changes',
      "pass: The objects keep the rules of Istio's validation, as checked in the portal",
    ]);
    expect(strictestVerdict(list)).toBe('pass');
  });

  it('ranks verdicts', () => {
    const of = (
      ...names: ('pass' | 'warn' | 'unknown' | 'needsApproval' | 'deny')[]
    ) =>
      strictestVerdict(
        names.map(verdict => ({ policy: '', verdict, text: '' })),
      );
    expect(of()).toBe('pass');
    expect(of('warn', 'pass')).toBe('warn');
    expect(of('unknown', 'warn')).toBe('unknown');
    expect(of('needsApproval', 'deny', 'unknown')).toBe('deny');
  });
});

describe('weight-step', () => {
  const caller = (workload: string, extra: Partial<AffectedCaller> = {}) => ({
    workload,
    namespace: 'x',
    requestsPerSecond: 1,
    movedBefore: 0,
    movedAfter: 1,
    ...extra,
  });
  const others = caller('storefront', {
    ownerRef: 'group:default/storefront-team',
    yours: false,
  });
  const own = caller('catalog', {
    yours: true,
    ownerRef: 'group:default/catalog-team',
  });
  const step = (points: number, callers: AffectedCaller[], input = {}) =>
    verdicts(judge([], { step: points, callers, ...input }), 'weight-step');

  it.each<[string, string[], string[]]>([
    [
      'below the limit',
      step(24.9, [others]),
      [
        'pass: Step of 24.9 points: below the 25 that other teams should know of',
      ],
    ],
    [
      'nothing moves',
      step(0, [others]),
      ['pass: No share of the traffic moves to another version'],
    ],
    [
      'a single point',
      step(1, [others]),
      ['pass: Step of 1 point: below the 25 that other teams should know of'],
    ],
    [
      'at the limit, only own callers',
      step(25, [own]),
      ['pass: Step of 25 points reaches only callers of your own teams'],
    ],
    [
      'at the limit, another team',
      step(25, [own, others]),
      [
        'needsApproval: Step of 25 points reaches storefront (storefront-team). From 25 points on their approval is due',
      ],
    ],
    [
      'callers nobody owns',
      step(40, [caller('a'), caller('b')]),
      [
        'needsApproval: Step of 40 points reaches 2 callers without known owner. From 25 points on their approval is due',
      ],
    ],
    [
      'another limit',
      step(10, [others], {
        settings: guardrailSettingsSchema.parse({ limits: { stepPoints: 5 } }),
      }),
      [
        'needsApproval: Step of 10 points reaches storefront (storefront-team). From 5 points on their approval is due',
      ],
    ],
    [
      'nothing observed',
      step(40, [], {
        assessment: {
          versions: [
            { key: 'a', label: 'a', before: 0, after: 1, podsReady: 1 },
          ],
          callers: [],
          observedSeconds: 0,
        },
      }),
      [
        'unknown: Step of 100 points, and no telemetry says whose callers it reaches. From 25 points on other teams should know of it',
      ],
    ],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));

  it('takes the pods of a cluster for what was there before its first route', () => {
    const first = kubeObject(
      'VirtualService',
      { namespace: 'catalog', name: 'reviews' },
      {
        spec: {
          hosts: ['reviews'],
          http: [
            {
              route: ['v1', 'v2', 'v3'].map((subset, index) => ({
                destination: { host: 'reviews', subset },
                weight: [17, 43, 40][index],
              })),
            },
          ],
        },
      },
    );
    // Over all clusters the step may be small; here 4 of 7 pods are v1.
    expect(
      verdicts(
        judge([operation(first)], { step: 1, callers: [own] }),
        'weight-step',
      ),
    ).toEqual([
      'pass: Step of 40.1 points reaches only callers of your own teams',
    ]);
  });
});

describe('host-ownership', () => {
  const OWN = [
    'reviews',
    'REVIEWS',
    'reviews.catalog',
    'reviews.catalog.svc',
    'reviews.catalog.svc.cluster.local',
    'Reviews.Catalog.Svc.Cluster.Local',
    'reviews.catalog.svc.cluster.local.',
    ' reviews ',
  ];
  const FOREIGN = [
    '*',
    '*.local',
    '*.cluster.local',
    '*.svc.cluster.local',
    '*.catalog.svc.cluster.local',
    '*.catalog',
    '*reviews.catalog.svc.cluster.local',
    '*-v1',
    'payments',
    'payments.payments',
    'payments.payments.svc',
    'payments.payments.svc.cluster.local',
    'PAYMENTS.payments.svc.cluster.local',
    'payments.payments.svc.cluster.local.',
    'reviews.payments',
    'reviews.payments.svc.cluster.local',
    'reviews.catalog.svc.cluster',
    'reviews.catalog.svc.cluster.loca',
    'reviews.catalog.svc.other.local',
    'reviewsx',
    'xreviews',
    'reviews-v1',
    'reviews.catalog.example',
    'api.example',
    '*.example',
    '10.0.0.1',
    '2001:db8::1',
    'localhost',
    'kubernetes',
    'kubernetes.default.svc',
    'istiod.istio-system.svc',
    'reviews..catalog',
    '.reviews',
    'reviews.',
    'catalog',
    '',
    'r\u0435views',
  ];
  const hostVerdicts = (after: KubeObject, before?: KubeObject) =>
    verdicts(judge([operation(after, before)]), 'host-ownership');

  it.each(OWN)(
    'own spelling %j passes, for callers inside and gateways',
    host => {
      for (const gateways of [
        undefined,
        ['mesh'],
        ['istio-ingress/shop'],
        ['mesh', 'istio-ingress/shop'],
      ]) {
        expect(hostVerdicts(route([host], { gateways }))).toEqual([
          'pass: Host reviews belongs to catalog-team',
        ]);
      }
    },
  );

  it.each(FOREIGN.filter(host => host !== 'reviews.' && host !== ''))(
    'foreign spelling %j is denied wherever it is new',
    host => {
      for (const gateways of [
        undefined,
        ['mesh'],
        ['istio-ingress/shop'],
        ['istio-ingress/shop', 'mesh'],
      ]) {
        expect(hostVerdicts(route(['reviews', host], { gateways }))).toEqual([
          `deny: Host ${host} of VirtualService catalog/reviews is not a Service of this component`,
        ]);
      }
    },
  );

  it.each(FOREIGN.filter(host => host !== 'reviews.' && host !== ''))(
    'foreign host %j that was there is denied for callers inside, left alone on a gateway',
    host => {
      const inside = route([host]);
      expect(hostVerdicts(inside, inside)).toHaveLength(1);
      expect(hostVerdicts(inside, inside)[0]).toMatch(/^deny/);
      const onGateway = route([host], { gateways: ['istio-ingress/shop'] });
      expect(hostVerdicts(onGateway, onGateway)).toEqual([
        'pass: No host of another component is routed',
      ]);
      const moved = route([host], { gateways: ['istio-ingress/shop', 'mesh'] });
      expect(hostVerdicts(moved, onGateway)[0]).toMatch(/^deny/);
    },
  );

  it('denies objects of other namespaces, whatever their hosts', () => {
    expect(
      hostVerdicts(
        route(['reviews.catalog.svc.cluster.local'], { namespace: 'payments' }),
      ),
    ).toEqual([
      'deny: VirtualService payments/reviews is not in a namespace of this component in prod-eu (catalog)',
    ]);
  });

  it('denies foreign hosts of DestinationRules and parents of routes', () => {
    const rule = (host: string) =>
      kubeObject(
        'DestinationRule',
        { namespace: 'catalog', name: 'x' },
        { spec: { host } },
      );
    expect(hostVerdicts(rule('reviews'))).toEqual([
      'pass: Host reviews belongs to catalog-team',
    ]);
    expect(hostVerdicts(rule('*.catalog.svc.cluster.local'))[0]).toMatch(
      /^deny/,
    );
    const http = (parent: Record<string, unknown>) =>
      kubeObject(
        'HTTPRoute',
        { namespace: 'catalog', name: 'x' },
        { spec: { parentRefs: [parent] } },
      );
    const service = { group: '', kind: 'Service' };
    expect(hostVerdicts(http({ ...service, name: 'reviews' }))).toEqual([
      'pass: Host reviews belongs to catalog-team',
    ]);
    const foreign = http({
      ...service,
      name: 'payments',
      namespace: 'payments',
    });
    expect(hostVerdicts(foreign, foreign)[0]).toMatch(
      /^deny: Host Service payments\/payments/,
    );
    const gateway = http({ name: 'shop', namespace: 'istio-ingress' });
    expect(hostVerdicts(gateway)[0]).toMatch(
      /^deny: Host Gateway istio-ingress\/shop/,
    );
    expect(hostVerdicts(gateway, gateway)).toEqual([
      'pass: No host of another component is routed',
    ]);
  });

  it('warns of more requests to others', () => {
    const before = route(['reviews'], {
      weights: [
        ['reviews', 90],
        ['payments.payments.svc.cluster.local', 10],
      ],
    });
    const more = route(['reviews'], {
      weights: [
        ['reviews', 80],
        ['payments.payments.svc.cluster.local', 20],
      ],
    });
    expect(hostVerdicts(more, before)).toEqual([
      'warn: VirtualService catalog/reviews sends more requests to payments.payments.svc.cluster.local, which is not a Service of this component',
    ]);
    expect(hostVerdicts(before, more)).toEqual([
      'pass: Host reviews belongs to catalog-team',
    ]);
  });

  it('does not know hosts of a cluster without data', () => {
    const lost = operation(route(['reviews']));
    lost.object.cluster = 'prod-us';
    expect(verdicts(judge([lost]), 'host-ownership')[0]).toMatch(
      /^deny: There is no data of prod-us/,
    );
  });
});

describe('foreign-owner', () => {
  const owned = (
    metadata: Partial<KubeObject['metadata']>,
    managers: string[] = [],
  ) => {
    const before = route(['reviews'], { metadata });
    return verdicts(
      judge([
        operation(route(['reviews']), before, { fieldManagers: managers }),
      ]),
      'foreign-owner',
    );
  };
  const start =
    'deny: VirtualService catalog/reviews in prod-eu is managed by ';

  it.each<[string, string[], string]>([
    [
      'Argo CD annotation',
      owned({
        annotations: {
          'argocd.argoproj.io/tracking-id':
            'shop:networking.istio.io/VirtualService:catalog/reviews',
        },
      }),
      'Argo CD application shop. Change it in the Git source it comes from',
    ],
    [
      'Argo CD label',
      owned({ labels: { 'argocd.argoproj.io/instance': 'shop' } }),
      'Argo CD application shop. Change it in the Git source it comes from',
    ],
    [
      'Flux Kustomization',
      owned({
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      }),
      'Flux Kustomization flux-system/apps. Change it in the Git source it comes from',
    ],
    [
      'Flux HelmRelease',
      owned({ labels: { 'helm.toolkit.fluxcd.io/name': 'shop' } }),
      'Flux HelmRelease shop. Change it in the Git source it comes from',
    ],
    [
      'Helm',
      owned({
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'shop' },
      }),
      'Helm release shop. Change its values and upgrade the release',
    ],
    [
      'Flagger',
      owned({
        ownerReferences: [
          {
            apiVersion: 'flagger.app/v1beta1',
            kind: 'Canary',
            name: 'reviews',
            uid: '1',
          },
        ],
      }),
      'Flagger Canary reviews. It sets the weights itself; steer the delivery there',
    ],
    [
      'Argo Rollouts',
      owned({
        ownerReferences: [
          {
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Rollout',
            name: 'reviews',
            uid: '1',
          },
        ],
      }),
      'Argo Rollouts Rollout reviews. It sets the weights itself; steer the delivery there',
    ],
    [
      'any controller',
      owned({
        ownerReferences: [
          {
            apiVersion: 'shop.example/v1',
            kind: 'Shop',
            name: 'main',
            uid: '1',
            controller: true,
          },
        ],
      }),
      'Shop main. Change that object instead',
    ],
    [
      'a controller by its fields',
      owned({}, ['kubectl', 'rollouts-controller']),
      'Argo Rollouts (claimed). It sets the weights itself; steer the delivery there',
    ],
  ])('%s', (_, actual, rest) => expect(actual).toEqual([start + rest]));

  it('warns of labels it does not know, and leaves people and itself alone', () => {
    expect(
      owned({ labels: { 'app.kubernetes.io/managed-by': 'terraform' } })[0],
    ).toMatch(/^warn: .*managed-by=terraform/);
    expect(
      owned({ labels: { 'app.kubernetes.io/managed-by': 'istio-portal' } }, [
        'istio-portal',
        'kubectl-edit',
      ]),
    ).toEqual(['pass: No other tool manages the objects that change']);
  });
});

describe('the other guardrails', () => {
  it('keeps other kinds, and the root namespace, with the platform', () => {
    const policy = kubeObject(
      'RequestAuthentication',
      { namespace: 'istio-system', name: 'default' },
      { spec: {} },
    );
    const list = judge([operation(policy)]);
    expect(verdicts(list, 'kinds-in-self-service')).toEqual([
      'deny: RequestAuthentication istio-system/default is not in self-service; VirtualService, DestinationRule, HTTPRoute, GRPCRoute, TCPRoute, TLSRoute, ServiceEntry, PeerAuthentication and AuthorizationPolicy are',
    ]);
    expect(verdicts(list, 'root-namespace')).toEqual([
      'deny: RequestAuthentication istio-system/default is in the root namespace of prod-eu and would count for the whole mesh; the platform changes it',
    ]);
  });

  it('denies what Istio would refuse', () => {
    const bad = route(['reviews'], {
      weights: [
        ['reviews', 0],
        ['reviews-v2', 0],
      ],
    });
    expect(verdicts(judge([operation(bad)]), 'istio-validation')).toEqual([
      'deny: Istio would refuse VirtualService catalog/reviews: spec.http[0].route: the weights of several destinations must not all be 0',
    ]);
  });

  it('says nothing about kinds whose rules it does not know', () => {
    const service = kubeObject(
      'Service',
      { namespace: 'catalog', name: 'x' },
      { spec: {} },
    );
    expect(verdicts(judge([operation(service)]), 'istio-validation')).toEqual(
      [],
    );
  });
});
