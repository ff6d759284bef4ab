import fc from 'fast-check';
import {
  buildSnapshot,
  compileIntent,
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

/** The objects that an intent writes. */
function compile(intent: Intent): readonly KubeObject[] {
  const snapshot = buildSnapshot({
    cluster: 'one',
    asOf: 0,
    objects: {
      Service: [service],
      VirtualService: [virtualService],
      DestinationRule: [destinationRule],
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
      arbitrary: fc.oneof(timeouts, breaker).map(intent => {
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
