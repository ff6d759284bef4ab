import fc from 'fast-check';
import {
  buildSnapshot,
  compileIntent,
  intentSchema,
  RETRY_CONDITIONS,
  type Intent,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { worldForOracle } from '../world/World';

const meta = (name: string) => ({
  name,
  namespace: 'shop',
  uid: name,
  resourceVersion: '1',
});
const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta('reviews'),
  spec: { selector: { app: 'reviews' }, ports: [{ name: 'http', port: 9080 }] },
};
const virtualService: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: meta('reviews'),
  spec: {
    hosts: ['reviews'],
    http: [
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 80 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 20 },
        ],
        timeout: '3s',
      },
    ],
  },
};
const destinationRule: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: meta('reviews'),
  spec: {
    host: 'reviews',
    trafficPolicy: {
      loadBalancer: { simple: 'RANDOM' },
      connectionPool: { tcp: { connectTimeout: '3s' } },
    },
    subsets: ['v1', 'v2'].map(version => ({
      name: version,
      labels: { version },
    })),
  },
};

const target = { clusters: ['one'], namespace: 'shop', service: 'reviews' };
const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });
const duration = fc.integer({ min: 1, max: 5000 }).map(count => `${count}ms`);
const count = optional(fc.integer({ min: 1, max: 1000 }));
const percent = optional(fc.integer({ min: 1, max: 100 }));

const timeouts = fc
  .record({
    timeout: optional(duration),
    retries: fc.oneof(
      fc.constant({ mode: 'default' as const }),
      fc.constant({ mode: 'off' as const }),
      fc.record({
        mode: fc.constant('on' as const),
        attempts: fc.integer({ min: 1, max: 10 }),
        perTryTimeout: optional(duration),
        retryOn: fc.uniqueArray(fc.constantFrom(...RETRY_CONDITIONS)),
        statusCodes: fc.uniqueArray(fc.constantFrom(429, 500, 502, 503, 504)),
      }),
    ),
  })
  .map(
    (settings): Intent => ({
      type: 'timeoutsAndRetries',
      params: {
        ...target,
        route: {
          kind: 'VirtualService',
          namespace: 'shop',
          name: 'reviews',
          fieldPath: 'http[0]',
        },
        ...settings,
      },
    }),
  );

const breaker = fc
  .record({
    subset: optional(fc.constantFrom('v1', 'v2')),
    port: optional(fc.constant(9080)),
    connectionPool: fc.record({
      maxConnections: fc.integer({ min: 1, max: 1000 }),
      http1MaxPendingRequests: count,
      http2MaxRequests: count,
      maxRequestsPerConnection: count,
      maxRetries: count,
    }),
    ejection: optional(
      fc.record({
        consecutive5xxErrors: count,
        consecutiveGatewayErrors: count,
        interval: optional(duration),
        baseEjectionTime: optional(duration),
        maxEjectionPercent: percent,
        minHealthPercent: percent,
      }),
    ),
  })
  .map(
    (settings): Intent => ({
      type: 'circuitBreaker',
      params: { ...target, ...settings },
    }),
  );

const text = fc.string({ minLength: 1, maxLength: 6 }).map(each => `a${each}`);
const pattern = fc.constantFrom('a|b', '[0-9]{2,}', 'x.+y');
const tests = fc
  .record({
    arms: fc.array(
      fc.record({
        path: optional(fc.constant({ op: 'prefix', value: '/new' })),
        header: optional(
          fc.oneof(
            fc.constant({ op: 'present' }),
            fc.record({ op: fc.constantFrom('exact', 'prefix'), value: text }),
            fc.record({ op: fc.constant('regex'), value: pattern }),
          ),
        ),
        cookie: optional(fc.constantFrom('b', 'b.1', 'b+c')),
        query: optional(
          fc.record({ op: fc.constantFrom('exact'), value: text }),
        ),
        namespace: optional(fc.constant('qa')),
        labels: fc.constantFrom(
          { app: 'catalog' },
          { app: 'x', version: 'v2' },
        ),
        version: fc.constantFrom('v1', 'v2'),
      }),
      { maxLength: 3 },
    ),
    sticky: optional(fc.constant({ cookie: 'ab', maxAge: 600 })),
  })
  .map(({ arms, sticky }) => ({
    type: 'abTest',
    params: {
      ...target,
      route: {
        kind: 'VirtualService',
        namespace: 'shop',
        name: 'reviews',
        fieldPath: 'http[0]',
      },
      otherArms: 'end',
      arms: arms.map((arm, index) => ({
        version: arm.version,
        who: [
          [
            ...(arm.path ? [{ by: 'path', ...arm.path }] : []),
            // No two arms are the same.
            { by: 'header', name: `x-${index}`, op: 'present' },
            ...(arm.header
              ? [{ by: 'header', name: 'x-a', ...arm.header }]
              : []),
            ...(arm.cookie
              ? [{ by: 'cookie', name: 'group', value: arm.cookie }]
              : []),
            ...(arm.query ? [{ by: 'query', name: 'q', ...arm.query }] : []),
            ...(arm.namespace
              ? [{ by: 'sourceNamespace', namespace: arm.namespace }]
              : []),
          ],
          [{ by: 'sourceWorkload', labels: { ...arm.labels, n: `${index}` } }],
        ],
      })),
      ...(sticky && { sticky }),
    },
  }))
  .map(intent => intentSchema.parse(intent));

const mtls = fc
  .record({
    level: fc.constantFrom(
      'workload' as const,
      'namespace' as const,
      'mesh' as const,
    ),
    mode: fc.constantFrom(
      'STRICT' as const,
      'PERMISSIVE' as const,
      'DISABLE' as const,
      'INHERIT' as const,
    ),
    port: optional(fc.constant(9080)),
  })
  .map(
    ({ port, ...settings }): Intent => ({
      type: 'mtlsMode',
      params: {
        ...target,
        ...settings,
        ...(settings.level === 'workload' && port !== undefined && { port }),
      },
    }),
  );

const some = <T>(...values: T[]) =>
  optional(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }));
const callers = fc
  .record({
    action: fc.constantFrom('ALLOW' as const, 'DENY' as const),
    policy: optional(fc.constant('reviews')),
    dryRun: fc.boolean(),
    rules: fc.array(
      fc
        .record({
          principals: some(
            'cluster.local/ns/shop/sa/web',
            'td.example/ns/a/sa/b.c',
          ),
          namespaces: some('shop', 'insights'),
          ports: some(9080),
          methods: some('GET', 'POST'),
          paths: some('/a', '/b/*', '*.json', '/{*}/c', '*', '/x/{**}'),
        })
        .filter(({ principals, namespaces }) =>
          Boolean(principals ?? namespaces),
        ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(
    ({ policy, ...settings }): Intent => ({
      type: 'whoMayCall',
      params: {
        ...target,
        ...settings,
        // The policy of the world is one that allows and is enforced.
        ...(policy &&
          settings.action === 'ALLOW' &&
          !settings.dryRun && { policy }),
      },
    }),
  );

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: meta('reviews'),
  spec: { template: { metadata: { labels: { app: 'reviews' } } } },
};
const authorizationPolicy: KubeObject = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: meta('reviews'),
  spec: {
    selector: { matchLabels: { app: 'reviews' } },
    rules: [{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] }],
  },
};

/** The objects that an intent writes. */
function compile(intent: Intent): readonly KubeObject[] {
  const snapshot = buildSnapshot({
    cluster: 'one',
    asOf: 0,
    objects: {
      Service: [service],
      VirtualService: [virtualService],
      DestinationRule: [destinationRule],
      // An A/B test looks for versions among them, encryption for the pods that it reaches.
      Deployment: [deployment],
      StatefulSet: [],
      DaemonSet: [],
      Pod: [],
      PeerAuthentication: [],
      AuthorizationPolicy: [authorizationPolicy],
    },
  });
  const result = compileIntent({ intent, snapshot });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.desired;
}

describe('what intents write, as istiod’s webhook judges', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('is accepted', async () => {
    const result = await compareAnswers<readonly KubeObject[], KubeObject>({
      subject: 'validation',
      size: { seed: 7, worlds: 300, nightly: 3000 },
      arbitrary: fc
        .oneof(timeouts, breaker, tests, mtls, callers)
        .map(intent => {
          const objects = compile(intent);
          return { world: objects, questions: objects };
        }),
      tally: String,
      ask: async objects => {
        const verdicts = await oracle.ask<{ valid: boolean }[]>({
          op: 'validate',
          yaml: worldForOracle({ objects }).yaml,
        });
        return objects.map((_, index) => ({
          oracle: verdicts[index].valid,
          core: true,
        }));
      },
    });
    expect(result.disagreements.slice(0, 3)).toEqual([]);
  });
});
