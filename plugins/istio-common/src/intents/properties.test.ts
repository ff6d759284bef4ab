import fc from 'fast-check';
import { fieldsOf } from '../resources/fields';
import type { KubeObject } from '../resources/types';
import { parseDuration } from '../validation/rules/durations';
import { validateObject } from '../validation/validateObject';
import { behaviourOf } from './bindIntent';
import { compileIntent } from './compileIntent';
import { buildWorld } from './__testUtils__/goldenCases.testdata';
import type { Intent } from './intent';
import {
  RETRY_CONDITIONS,
  type RetryCondition,
} from './timeoutsAndRetries/retryConditions';

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: { selector: { app: 'reviews' }, ports: [{ name: 'http', port: 9080 }] },
};
const workload: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: { template: { metadata: { labels: { app: 'reviews' } } } },
  status: { readyReplicas: 1 },
};
const target = {
  clusters: ['prod-eu'],
  namespace: 'catalog',
  service: 'reviews',
};
const duration = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('ms', 's', 'm'))
  .map(([count, unit]) => `${count}${unit}`);
const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });

/** Fields that no form knows, at each level of the object. */
const unknown = fc.dictionary(
  fc.constantFrom('x1', 'x2', 'futureField'),
  fc.oneof(fc.string(), fc.integer(), fc.constant({ deep: [1, { a: 'b' }] })),
);
const codes = fc.uniqueArray(fc.integer({ min: 500, max: 504 }), {
  maxLength: 3,
});

const retriesOn = (http: boolean) =>
  fc.record({
    mode: fc.constant('on' as const),
    attempts: fc.integer({ min: 1, max: 10 }),
    perTryTimeout: optional(duration),
    retryOn: http
      ? fc.constant<RetryCondition[]>([])
      : fc.uniqueArray(fc.constantFrom(...RETRY_CONDITIONS)),
    statusCodes: codes,
  });

const timeouts = (kind: 'VirtualService' | 'HTTPRoute') =>
  fc
    .record({
      timeout: optional(duration),
      retries: fc.oneof(
        fc.constant({ mode: 'default' as const }),
        fc.constant({ mode: 'off' as const }),
        retriesOn(kind === 'HTTPRoute'),
      ),
    })
    .map(
      (settings): Intent => ({
        type: 'timeoutsAndRetries',
        params: {
          ...target,
          route: {
            kind,
            namespace: 'catalog',
            name: 'reviews',
            fieldPath: kind === 'HTTPRoute' ? 'rules[1]' : 'http[1]',
          },
          ...withoutUndefined(settings),
          retries: withoutUndefined(settings.retries),
        },
      }),
    )
    .filter(intent => kind !== 'HTTPRoute' || !triesOutlast(intent));

/** An HTTPRoute cannot say that a try takes longer than all of them together. */
function triesOutlast({ params }: Intent): boolean {
  if (!('retries' in params) || params.retries.mode !== 'on') return false;
  const { timeout = '', retries } = params;
  const [time = 0, most = Infinity] = [
    retries.perTryTimeout ?? '',
    timeout,
  ].map(parseDuration);
  return time > most;
}

const limit = optional(fc.integer({ min: 1, max: 5000 }));
const count = optional(fc.integer({ min: 0, max: 20 }));
const percent = optional(fc.integer({ min: 1, max: 100 }));
const breaker = fc
  .record({
    subset: optional(fc.constantFrom('v1', 'v2')),
    port: optional(fc.constant(9080)),
    connectionPool: optional(
      fc
        .record({
          maxConnections: limit,
          http1MaxPendingRequests: limit,
          http2MaxRequests: limit,
          maxRequestsPerConnection: limit,
          maxRetries: limit,
        })
        .filter(pool => Object.values(pool).some(each => each !== undefined)),
    ),
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
    ({ connectionPool, ejection, ...place }): Intent => ({
      type: 'circuitBreaker',
      params: {
        ...target,
        ...withoutUndefined(place),
        ...(connectionPool && {
          connectionPool: withoutUndefined(connectionPool),
        }),
        ...(ejection && { ejection: withoutUndefined(ejection) }),
      },
    }),
  );

const mtls = (level: 'workload' | 'namespace') =>
  fc
    .record({
      mode: fc.constantFrom(
        'STRICT' as const,
        'PERMISSIVE' as const,
        'DISABLE' as const,
        'INHERIT' as const,
      ),
      port:
        level === 'workload'
          ? optional(fc.constant(9080))
          : fc.constant(undefined),
    })
    .map(
      (settings): Intent => ({
        type: 'mtlsMode',
        params: { ...target, level, ...withoutUndefined(settings) },
      }),
    );

const some = <T>(...values: T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const callers = fc
  .record({
    dryRun: fc.constant(false),
    rules: fc.array(
      fc
        .record({
          principals: optional(
            some(
              'cluster.local/ns/shop/sa/web',
              'cluster.local/ns/catalog/sa/default',
              'td.example/ns/a/sa/b.c',
            ),
          ),
          namespaces: optional(some('shop', 'insights')),
          ports: optional(some(9080)),
          methods: optional(some('GET', 'POST')),
          paths: optional(some('/a', '/b/*', '*.json', '/{*}/c')),
        })
        .filter(({ principals, namespaces }) =>
          Boolean(principals ?? namespaces),
        ),
      { maxLength: 4 },
    ),
  })
  .map(
    (settings): Intent => ({
      type: 'whoMayCall',
      params: {
        ...target,
        action: 'ALLOW',
        policy: 'reviews',
        ...withoutUndefined(settings),
      },
    }),
  );

function withoutUndefined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const virtualService = (extra: Record<string, unknown>): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'catalog',
    annotations: { by: 'hand' },
  },
  spec: {
    ...extra,
    hosts: ['reviews'],
    http: [
      {
        match: [{ uri: { prefix: '/x' } }],
        route: [{ destination: { host: 'reviews' } }],
      },
      {
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
});

const httpRoute = (extra: Record<string, unknown>): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    ...extra,
    parentRefs: [{ group: '', kind: 'Service', name: 'reviews', port: 9080 }],
    rules: [
      { backendRefs: [{ name: 'reviews', port: 9080 }] },
      { ...extra, backendRefs: [{ name: 'reviews', port: 9080, ...extra }] },
    ],
  },
});

const destinationRule = (extra: Record<string, unknown>): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    ...extra,
    host: 'reviews',
    trafficPolicy: {
      ...extra,
      loadBalancer: { simple: 'RANDOM' },
      connectionPool: {
        tcp: { connectTimeout: '3s', ...extra },
        http: { idleTimeout: '9s' },
      },
    },
    subsets: [
      { name: 'v1', labels: { version: 'v1' }, ...extra },
      { name: 'v2', labels: { version: 'v2' } },
    ],
  },
});

const peerAuthentication =
  (level: 'workload' | 'namespace') =>
  (extra: Record<string, unknown>): KubeObject => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'reviews', namespace: 'catalog' },
    spec: {
      ...extra,
      mtls: { mode: 'PERMISSIVE', ...extra },
      ...(level === 'workload' && {
        selector: { matchLabels: { app: 'reviews' } },
        portLevelMtls: {
          9080: { mode: 'DISABLE', ...extra },
          9090: { mode: 'STRICT', ...extra },
        },
      }),
    },
  });

/** A rule that the form cannot say, and one that it can. */
const authorizationPolicy = (extra: Record<string, unknown>): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    ...extra,
    selector: { matchLabels: { app: 'reviews' } },
    rules: [
      {
        ...extra,
        from: [{ source: { ipBlocks: ['10.0.0.0/8'], ...extra }, ...extra }],
        when: [{ key: 'request.headers[x]', values: ['1'] }],
      },
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }],
        to: [{ operation: { methods: ['GET'] } }],
      },
    ],
  },
});

/** The one object that a compiled intent leaves. */
function compileOn(object: KubeObject, intent: Intent): KubeObject {
  const snapshot = buildWorld([service, workload, object]);
  const result = compileIntent({ intent, snapshot });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.desired[0];
}

/** Where the parameters of an intent stand in the object. */
function placeOf({ type, params }: Intent, object: KubeObject): string {
  if (type === 'mtlsMode') {
    return params.port === undefined ? 'mtls' : `portLevelMtls.${params.port}`;
  }
  if (type === 'whoMayCall') {
    return 'rules';
  }
  if ('route' in params && params.route) {
    return params.route.fieldPath;
  }
  const { subset, port } = params as { subset?: string; port?: number };
  const owner =
    subset === undefined ? '' : `subsets[${subset === 'v1' ? 0 : 1}].`;
  const spec = fieldsOf(object.spec) as {
    trafficPolicy?: object;
    subsets: { name: string; trafficPolicy?: object }[];
  };
  const policy = subset
    ? spec.subsets.find(({ name }) => name === subset)?.trafficPolicy
    : spec.trafficPolicy;
  const ports = fieldsOf(policy).portLevelSettings as object[] | undefined;
  return port === undefined
    ? `${owner}trafficPolicy`
    : `${owner}trafficPolicy.portLevelSettings[${(ports?.length ?? 1) - 1}]`;
}

/** Parameters with every list in one order: in these it means nothing. */
function canonical(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) =>
      Array.isArray(item)
        ? [...item].sort((a, b) =>
            JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
          )
        : item,
    ),
  );
}

/** Every leaf of the object beside those under these names, with its path. */
function leavesOf(value: unknown, edited: string[], path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return [`${path}=${JSON.stringify(value)}`];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    edited.includes(key) ? [] : leavesOf(item, edited, `${path}/${key}`),
  );
}

const FORMS: [
  name: string,
  intents: fc.Arbitrary<Intent>,
  build: (extra: Record<string, unknown>) => KubeObject,
  edited: string[],
][] = [
  [
    'timeoutsAndRetries in a VirtualService',
    timeouts('VirtualService'),
    virtualService,
    ['timeout', 'retries'],
  ],
  [
    'timeoutsAndRetries in an HTTPRoute',
    timeouts('HTTPRoute'),
    httpRoute,
    ['timeouts', 'retry'],
  ],
  [
    'circuitBreaker in a DestinationRule',
    breaker,
    destinationRule,
    [
      'maxConnections',
      'http1MaxPendingRequests',
      'http2MaxRequests',
      'maxRequestsPerConnection',
      'maxRetries',
      'outlierDetection',
    ],
  ],
  [
    'mtlsMode of workloads',
    mtls('workload'),
    peerAuthentication('workload'),
    ['mode'],
  ],
  [
    'mtlsMode of a namespace',
    mtls('namespace'),
    peerAuthentication('namespace'),
    ['mode'],
  ],
  [
    'whoMayCall in an AuthorizationPolicy',
    callers,
    authorizationPolicy,
    ['principals', 'namespaces', 'ports', 'methods', 'paths'],
  ],
];

describe.each(FORMS)('%s', (_name, intents, build, edited) => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(intents, intent => {
        const { params } = intent;
        const written = compileOn(build({}), intent);
        const read = behaviourOf(intent.type).recognise({
          object: written,
          fieldPath: placeOf(intent, written),
          clusters: params.clusters,
          domain: 'cluster.local',
          service: { namespace: 'catalog', name: 'reviews' },
        });
        // A port without settings of its own has no place to read.
        fc.pre(
          intent.type !== 'circuitBreaker' ||
            !('port' in params) ||
            'connectionPool' in params ||
            'ejection' in params,
        );
        expect(canonical(read)).toEqual(canonical({ ok: true, params }));
      }),
    );
  });

  it('leaves every field that it does not know', () => {
    fc.assert(
      fc.property(intents, unknown, (intent, extra) => {
        const object = build(extra);
        const kept = leavesOf(object, edited);
        const after = new Set(leavesOf(compileOn(object, intent), edited));
        expect(kept.filter(leaf => !after.has(leaf))).toEqual([]);
      }),
    );
  });

  it('writes what Istio takes, and a second time changes nothing', () => {
    fc.assert(
      fc.property(intents, intent => {
        const once = compileOn(build({}), intent);
        expect(validateObject(once).errors).toEqual([]);
        const snapshot = buildWorld([service, workload, once]);
        const twice = compileIntent({ intent, snapshot });
        expect(twice.ok && twice.desired[0].spec).toEqual(once.spec);
      }),
    );
  });
});
