import { EntityMatch } from '../../entity/types';
import {
  connections,
  deployment,
  kubeObject,
  namespace,
  NOW,
  observation,
  requests,
  service,
  snapshotOf,
} from '../../testUtils';
import { KubeObject } from '../../resources/types';
import { RequestSample } from '../../telemetry/types';
import { withKind } from '../../snapshot/buildSnapshot';
import {
  componentAccessAnswerSchema,
  componentAuthorizationSchema,
} from './componentAccess';
import { resolveComponentAccess } from './resolveComponentAccess';
import {
  ComponentQuestion,
  resolveComponentAuthorization,
} from './resolveComponentAuthorization';

const MATCH: EntityMatch = {
  workloads: ['prod-eu', 'prod-us'].map(cluster => ({
    cluster,
    namespace: 'payments',
    kind: 'Deployment',
    name: 'payments',
    podsReady: 1,
    podsDesired: 1,
    why: 'test',
  })),
  services: [],
  nearMisses: [],
};

const ALLOW = kubeObject(
  'AuthorizationPolicy',
  { namespace: 'payments', name: 'allow-callers' },
  {
    spec: {
      selector: { matchLabels: { app: 'payments' } },
      rules: [
        {
          from: [
            {
              source: {
                principals: [
                  'cluster.local/ns/storefront/sa/checkout',
                  'cluster.local/ns/storefront/sa/gone',
                ],
              },
            },
          ],
        },
        {
          from: [{ source: { ipBlocks: ['10.20.0.0/16'] } }],
          to: [{ operation: { paths: ['/plans*'], methods: ['GET'] } }],
        },
      ],
    },
  },
);

function withAddress(objects: KubeObject[], podIP: string): KubeObject[] {
  return objects.map(object =>
    object.kind === 'Pod'
      ? {
          ...object,
          status: { ...(object.status as Record<string, unknown>), podIP },
        }
      : object,
  );
}

function world(extra: KubeObject[] = []): KubeObject[] {
  return [
    namespace({ name: 'payments', injected: true }),
    namespace({ name: 'storefront', injected: true }),
    namespace({ name: 'legacy' }),
    ...withAddress(
      deployment({
        namespace: 'payments',
        name: 'payments',
        ports: [{ containerPort: 8080 }, { containerPort: 9443 }],
      }),
      '10.20.1.1',
    ),
    ...withAddress(
      deployment({ namespace: 'storefront', name: 'checkout' }),
      '10.20.2.1',
    ),
    ...withAddress(
      deployment({
        namespace: 'storefront',
        name: 'ratings-v1',
        labels: { app: 'ratings' },
        serviceAccount: 'ratings',
      }),
      '10.20.2.2',
    ),
    ...withAddress(
      deployment({
        namespace: 'legacy',
        name: 'billing',
        proxy: 'none',
      }),
      '10.20.9.41',
    ),
    service({
      namespace: 'payments',
      name: 'payments',
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    }),
    service({
      namespace: 'storefront',
      name: 'reviews',
      selector: { app: 'ratings' },
    }),
    ...extra,
  ];
}

const MIXED_PORTS = kubeObject(
  'PeerAuthentication',
  { namespace: 'payments', name: 'payments' },
  {
    spec: {
      selector: { matchLabels: { app: 'payments' } },
      portLevelMtls: { '9443': { mode: 'STRICT' } },
    },
  },
);

function identified(sample: RequestSample, principal: string): RequestSample {
  return { ...sample, source: { ...sample.source, principal } };
}

const TO = { to: 'payments.payments' };
const CHECKOUT = identified(
  requests(600, { from: 'checkout.storefront', ...TO }),
  'spiffe://cluster.local/ns/storefront/sa/checkout',
);
const BILLING = requests(60, {
  from: 'billing.legacy',
  ...TO,
  security: 'none',
});

function access(
  objects: KubeObject[] = world([ALLOW, MIXED_PORTS]),
  evidence = [CHECKOUT],
) {
  const snapshots = [
    snapshotOf(objects),
    snapshotOf(objects, { cluster: 'prod-us' }),
  ];
  const answer = resolveComponentAccess({
    match: MATCH,
    snapshots,
    observations: [observation([CHECKOUT, BILLING, connections(3, TO)])],
    evidence: [observation(evidence)],
  });
  expect(componentAccessAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}

describe('resolveComponentAccess', () => {
  it('lists who calls, by identity, encrypted or not, with the rule that lets it in', () => {
    expect(access().callers).toMatchObject([
      {
        workload: 'checkout',
        namespace: 'storefront',
        principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
        requests: 600,
        perSecond: 2,
        encrypted: 600,
        plaintext: 0,
        access: 'always',
        decidedBy: [{ fieldPath: 'spec.rules[0]' }],
      },
      {
        workload: 'billing',
        requests: 60,
        encrypted: 0,
        plaintext: 60,
        // Port 9443 refuses plaintext, so it was not seen there.
        access: 'sometimes',
        dependsOn: ['request method', 'request path'],
        decidedBy: [{ fieldPath: 'spec.rules[1]' }],
      },
      { requests: 0, connections: 3, encrypted: 3, access: expect.any(String) },
    ]);
  });

  it('says the policies in words and who needs which rule', () => {
    expect(access().policies).toMatchObject([
      {
        object: { name: 'allow-callers' },
        clusters: ['prod-eu', 'prod-us'],
        action: 'ALLOW',
        rules: [
          {
            fieldPath: 'spec.rules[0]',
            who: ['storefront/checkout or storefront/gone'],
            what: [],
            byAddress: false,
            usedBy: ['storefront/checkout'],
          },
          {
            who: ['address 10.20.0.0/16'],
            what: ['GET, /plans*'],
            byAddress: true,
          },
        ],
      },
    ]);
  });

  it('names grants that nobody needed, and says nothing where nobody with an identity came', () => {
    expect(access().unusedGrants).toMatchObject({
      known: true,
      grants: [{ value: 'cluster.local/ns/storefront/sa/gone' }],
    });
    expect(access(world([ALLOW]), [BILLING]).unusedGrants).toEqual({
      known: false,
      why: 'no caller with an identity was observed',
    });
  });

  it('calls no grant unused while some encrypted callers have no name', () => {
    const nameless = requests(5, { from: 'checkout.storefront', ...TO });
    expect(access(world([ALLOW]), [nameless]).unusedGrants).toEqual({
      known: false,
      why: 'the identity of some callers was not reported',
    });
  });

  it('tells which tokens are checked and whether one is demanded', () => {
    const check = kubeObject(
      'RequestAuthentication',
      { namespace: 'payments', name: 'users' },
      {
        spec: {
          jwtRules: [{ issuer: 'https://login.example', audiences: ['shop'] }],
        },
      },
    );
    const demand = kubeObject(
      'AuthorizationPolicy',
      { namespace: 'payments', name: 'signed-in' },
      {
        spec: {
          action: 'DENY',
          rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }],
        },
      },
    );
    expect(access(world([check])).tokens).toMatchObject({
      checks: [
        {
          clusters: ['prod-eu', 'prod-us'],
          rules: [{ issuer: 'https://login.example', audiences: ['shop'] }],
        },
      ],
      demandedBy: [],
    });
    expect(access(world([check, demand])).tokens.demandedBy).toMatchObject([
      { fieldPath: 'spec.rules[0].from[0].source.notRequestPrincipals' },
    ]);
  });

  it('says which policies could not be read, and does not call anybody allowed then', () => {
    const snapshot = withKind(snapshotOf(world()), {
      kind: 'AuthorizationPolicy',
      objects: [],
      freshness: { state: 'failed', error: 'forbidden' },
      asOf: NOW,
    });
    const answer = resolveComponentAccess({
      match: MATCH,
      snapshots: [snapshot],
      observations: [observation([CHECKOUT])],
      evidence: [],
    });
    expect(answer.unread).toEqual(['AuthorizationPolicy objects of prod-eu']);
    expect(answer.callers.map(caller => caller.access)).toEqual(['unknown']);
  });
});

function question(
  asked: ComponentQuestion,
  worlds = [world([ALLOW]), world([ALLOW])],
) {
  const answer = resolveComponentAuthorization({
    match: MATCH,
    snapshots: worlds.map((objects, index) =>
      snapshotOf(objects, { cluster: ['prod-eu', 'prod-us'][index] }),
    ),
    question: asked,
  });
  expect(componentAuthorizationSchema.parse(answer)).toEqual(answer);
  return answer;
}

describe('resolveComponentAuthorization', () => {
  const from = (name: string, ns = 'storefront') => ({
    from: { namespace: ns, name },
  });

  it('denies with the policy that lets nobody else in, once for clusters that agree', () => {
    expect(
      question({ ...from('ratings-v1'), method: 'POST', path: '/charges' }),
    ).toMatchObject({
      decision: 'deny',
      port: 8080,
      caller: {
        kind: 'workload',
        workload: 'ratings-v1',
        principal: 'cluster.local/ns/storefront/sa/ratings',
      },
      answers: [
        {
          clusters: ['prod-eu', 'prod-us'],
          workloads: ['payments'],
          decidedBy: [
            { object: { name: 'allow-callers' }, fieldPath: 'spec.rules' },
          ],
          considered: [{ action: 'ALLOW', outcome: 'doesNotMatch' }],
        },
      ],
    });
  });

  it.each([
    ['workload', 'checkout', 'allow'],
    ['serviceAccount', 'ratings', 'deny'],
    ['service', 'reviews', 'deny'],
    ['assumed', 'gone', 'allow'],
  ])('knows the caller by %s', (kind, name, decision) => {
    expect(
      question({ ...from(name), method: 'POST', path: '/' }),
    ).toMatchObject({ decision, caller: { kind } });
  });

  it('takes an address for a caller outside the mesh', () => {
    const at = (ip: string) =>
      question({ from: { ip }, method: 'GET', path: '/plans/1' }).decision;
    expect([at('10.20.9.41'), at('192.0.2.1')]).toEqual(['allow', 'deny']);
  });

  it('says what is missing', () => {
    expect(question(from('billing', 'legacy'))).toMatchObject({
      decision: 'unknown',
      answers: [{ missing: ['request method', 'request path'] }],
    });
  });

  it('keeps clusters that answer differently apart', () => {
    const answer = question(
      { ...from('ratings-v1'), method: 'GET', path: '/' },
      [world([ALLOW]), world()],
    );
    expect(answer.decision).toBe('mixed');
    expect(
      answer.answers.map(({ decision, clusters }) => [decision, clusters]),
    ).toEqual([
      ['deny', ['prod-eu']],
      ['allow', ['prod-us']],
    ]);
  });

  it('does not answer for a cluster that was not read', () => {
    expect(question(from('checkout'), [world([ALLOW])])).toMatchObject({
      decision: 'allow',
      unknown: ['prod-us: payments could not be read'],
    });
  });
});
