import * as fc from 'fast-check';
import { KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { kubeObject, service, snapshotOf } from '../../testUtils';
import { resolveRoute } from './resolveRoute';
import { RouteRequest } from './types';

const KINDS: readonly KindName[] = [
  'Service',
  'ServiceEntry',
  'VirtualService',
  'DestinationRule',
  'Sidecar',
  'Gateway',
  'KubernetesGateway',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'ReferenceGrant',
  'Namespace',
];

/** Words that the fields of routing objects are made of, so that malformed objects still meet each other. */
const word = fc.constantFrom<unknown>(
  'web',
  'web.a.svc.cluster.local',
  '*',
  '*.a.svc.cluster.local',
  'mesh',
  'gw',
  '.',
  'a/*',
  'kg',
  '/',
  '(',
  80,
  -1,
  null,
  true,
  '',
);

const FIELDS = [
  'hosts',
  'host',
  'http',
  'tls',
  'tcp',
  'match',
  'route',
  'destination',
  'subset',
  'subsets',
  'labels',
  'port',
  'number',
  'weight',
  'uri',
  'regex',
  'prefix',
  'exact',
  'headers',
  'delegate',
  'name',
  'namespace',
  'gateways',
  'exportTo',
  'servers',
  'selector',
  'protocol',
  'egress',
  'parentRefs',
  'rules',
  'matches',
  'path',
  'value',
  'type',
  'backendRefs',
  'filters',
  'listeners',
  'gatewayClassName',
  'hostnames',
  'ports',
  'addresses',
  'resolution',
  'endpoints',
  'workloadSelector',
  'mirror',
  'mirrors',
  'retries',
  'fault',
  'redirect',
  'from',
  'to',
];

const { junk } = fc.letrec(tie => ({
  junk: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    word,
    fc.array(tie('junk'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('junk'), { maxKeys: 6 }),
  ),
}));

const objects: fc.Arbitrary<KubeObject[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...KINDS),
      namespace: fc.constantFrom('a', 'b', 'istio-system'),
      name: fc.constantFrom('web', 'gw', 'kg', 'x', 'y'),
      day: fc.integer({ min: 1, max: 3 }),
      spec: fc.dictionary(fc.constantFrom(...FIELDS), junk, { maxKeys: 12 }),
    })
    .map(({ kind, namespace, name, day, spec }) =>
      kubeObject(
        kind,
        {
          name,
          ...(kind === 'Namespace' ? {} : { namespace }),
          creationTimestamp: `2026-01-0${day}T00:00:00Z`,
        },
        { spec },
      ),
    ),
  { maxLength: 12 },
);

const request: fc.Arbitrary<RouteRequest> = fc.record(
  {
    from: fc.constantFrom<RouteRequest['from']>(
      { kind: 'workload', namespace: 'a', labels: { app: 'x' } },
      { kind: 'workload', namespace: 'b', name: 'nobody' },
      { kind: 'gateway', namespace: 'a', name: 'gw' },
      { kind: 'gateway', namespace: 'a', name: 'kg' },
      { kind: 'gatewayWorkload', namespace: 'a', labels: { app: 'gw' } },
    ),
    host: fc.constantFrom(
      'web',
      'web.a',
      'x.example.com',
      '',
      '*',
      '10.0.0.1',
      '[::1]:80',
      'a:b:c',
    ),
    port: fc.constantFrom(80, 443, 0, -1),
    protocol: fc.constantFrom('http' as const, 'tcp' as const, 'grpc' as const),
    tls: fc.boolean(),
    path: fc.constantFrom('/', '', 'no-slash', '/a?x=1#y', '?'),
  },
  { requiredKeys: ['from', 'host', 'port'] },
);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** One object per name, as an API server holds them. */
function stored(list: readonly KubeObject[]): KubeObject[] {
  return [
    ...new Map(
      list.map(object => [
        `${object.apiVersion}/${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
        object,
      ]),
    ).values(),
    service({
      namespace: 'a',
      name: 'zz',
      ports: [{ name: 'http', port: 80 }],
    }),
  ];
}

describe('resolveRoute, whatever is stored', () => {
  it('answers, changes nothing, and does not depend on the order of objects', () => {
    fc.assert(
      fc.property(objects, request, fc.nat(), (list, asked, turn) => {
        const all = freeze(stored(list));
        const given = freeze(asked);
        const answer = resolveRoute({
          snapshot: snapshotOf(all),
          request: given,
        });
        const turned = [
          ...all.slice(turn % all.length),
          ...all.slice(0, turn % all.length),
        ].reverse();
        expect(
          resolveRoute({ snapshot: snapshotOf(turned), request: given }),
        ).toEqual(answer);
        const sum = answer.destinations.reduce(
          (total, { percent }) => total + percent,
          0,
        );
        expect(
          answer.destinations.length === 0 || Math.abs(sum - 100) < 1e-6,
        ).toBe(true);
        expect(answer.outcome === 'routed').toBe(
          answer.destinations.length > 0,
        );
      }),
      { seed: 7, numRuns: 1500 },
    );
  });
});
