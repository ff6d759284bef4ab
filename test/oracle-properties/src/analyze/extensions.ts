import * as fc from 'fast-check';
import type {
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import { compact, day, pick, rarely, sometimes } from '../route/base';

const namespace = pick('a', 'a', 'b', 'shop', 'istio-system');

const selector = sometimes(
  pick(
    { matchLabels: { app: 'web' } },
    { matchLabels: { version: 'v1' } },
    { matchLabels: { app: 'gone' } },
    { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'kg' } },
    { matchLabels: {} },
  ),
);

const targetRefs = rarely(
  pick(
    [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'kg' }],
    [{ kind: 'Service', group: '', name: 'web' }],
    [{ kind: 'Service', group: '', name: 'gone' }],
  ),
  5,
);

/** A list of objects of one kind, with names of their own. */
function several(
  kind: KindName,
  spec: fc.Arbitrary<object>,
  maxLength: number,
): fc.Arbitrary<KubeObject[]> {
  return fc
    .array(fc.record({ namespace, day, spec }), { maxLength })
    .map(list =>
      list.map((item, index) =>
        aged(
          kind,
          {
            namespace: item.namespace,
            name: `${kind.toLowerCase()}${index}`,
            day: item.day,
          },
          compact(item.spec as Record<string, unknown>),
        ),
      ),
    );
}

/** A policy has a selector or targets, never both. */
const reached = fc
  .record({ selector, targetRefs })
  .map(({ selector: own, targetRefs: targets }) =>
    targets ? { targetRefs: targets } : compact({ selector: own }),
  );

const logging = fc
  .record({
    providers: sometimes(pick([{ name: 'envoy' }], [{ name: 'gone' }])),
    disabled: rarely(pick(true, false), 4),
  })
  .map(compact);

const tracing = fc
  .record({
    providers: sometimes(
      pick([{ name: 'light' }], [{ name: 'zipkin' }], [{ name: 'gone' }]),
    ),
    randomSamplingPercentage: fc.constant(10),
  })
  .map(compact);

/** Telemetries: several for one namespace or one workload, with providers that are there and not. */
export const telemetries: fc.Arbitrary<KubeObject[]> = several(
  'Telemetry',
  fc
    .tuple(
      reached,
      fc.record({
        accessLogging: sometimes(
          fc.array(logging, { minLength: 1, maxLength: 2 }),
        ),
        tracing: sometimes(fc.array(tracing, { minLength: 1, maxLength: 1 })),
      }),
    )
    .map(([reach, parts]) => ({ ...reach, ...parts })),
  4,
);

const patchValue = sometimes(
  pick<object>({ name: 'own.filter' }, { name: 'other.filter' }, {}),
);

const configPatch = fc
  .record({
    applyTo: pick(
      'HTTP_FILTER',
      'HTTP_FILTER',
      'NETWORK_FILTER',
      'VIRTUAL_HOST',
      'HTTP_ROUTE',
      'ROUTE_CONFIGURATION',
      'CLUSTER',
    ),
    match: sometimes(
      fc
        .record({
          context: pick('SIDECAR_INBOUND', 'GATEWAY', 'ANY'),
          proxy: sometimes(fc.constant({ proxyVersion: '^1\\.31.*' })),
          listener: rarely(
            fc.constant({
              filterChain: {
                filter: {
                  name: 'envoy.filters.network.http_connection_manager',
                },
              },
            }),
            4,
          ),
        })
        .map(compact),
    ),
    patch: fc
      .record({
        operation: pick(
          'MERGE',
          'ADD',
          'REMOVE',
          'INSERT_BEFORE',
          'INSERT_AFTER',
          'INSERT_FIRST',
          'REPLACE',
        ),
        value: patchValue,
      })
      .map(compact),
  })
  .map(compact);

/** Of one filter, which another may be for some versions of the proxy only. */
const aboutOneFilter = fc
  .record({
    operation: pick('INSERT_FIRST', 'INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE'),
    isVersioned: pick(true, false),
  })
  .map(({ operation, isVersioned }) => ({
    applyTo: 'HTTP_FILTER',
    match: compact({
      context: 'ANY',
      proxy: isVersioned ? { proxyVersion: '^1\\.31.*' } : undefined,
    }),
    patch: { operation, value: { name: 'own.filter' } },
  }));

/** EnvoyFilters with every operation on every place. */
export const envoyFilters: fc.Arbitrary<KubeObject[]> = several(
  'EnvoyFilter',
  fc.record({
    workloadSelector: sometimes(
      pick({ labels: { app: 'web' } }, { labels: { app: 'gone' } }),
    ),
    priority: sometimes(pick(0, 10, -5)),
    configPatches: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: configPatch },
        { weight: 1, arbitrary: aboutOneFilter },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  3,
);

/** WebAssembly plugins for workloads and gateways. */
export const wasmPlugins: fc.Arbitrary<KubeObject[]> = several(
  'WasmPlugin',
  reached.map(reach => ({
    ...reach,
    url: 'oci://registry.example.com/plugin:1',
  })),
  2,
);

/** RequestAuthentications and AuthorizationPolicies for pods, gateways and nobody. */
export const policies: fc.Arbitrary<KubeObject[]> = fc
  .tuple(
    several(
      'RequestAuthentication',
      reached.map(reach => ({
        ...reach,
        jwtRules: [{ issuer: 'https://idp.example', jwks: '{"keys":[]}' }],
      })),
      2,
    ),
    several(
      'AuthorizationPolicy',
      fc
        .tuple(
          reached,
          pick(['a'], ['gone'], ['*'], ['sho*', 'b'], ['*one', 'go*'], ['A']),
          pick('namespaces', 'notNamespaces'),
        )
        .map(([reach, names, field]) => ({
          ...reach,
          rules: [{ from: [{ source: { [field]: names } }] }],
        })),
      3,
    ),
  )
  .map(lists => lists.flat());

/** What istiod's webhook refuses, although the CRDs' schemas let it through. */
export const refusedObjects: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace,
      day,
      shape: pick<{ kind: KindName; spec: object }>(
        {
          kind: 'PeerAuthentication',
          spec: { portLevelMtls: { 8080: { mode: 'STRICT' } } },
        },
        { kind: 'AuthorizationPolicy', spec: { action: 'DENY' } },
        { kind: 'Sidecar', spec: { egress: [{ hosts: ['web'] }] } },
        {
          kind: 'DestinationRule',
          spec: { host: 'web', subsets: [{ name: '' }] },
        },
        {
          kind: 'VirtualService',
          spec: { hosts: ['web'], http: [{}] },
        },
      ),
    }),
    { maxLength: 2 },
  )
  .map(list =>
    list.map(({ namespace: place, day: created, shape }, index) =>
      aged(
        shape.kind,
        { namespace: place, name: `refused${index}`, day: created },
        shape.spec as Record<string, unknown>,
      ),
    ),
  );
