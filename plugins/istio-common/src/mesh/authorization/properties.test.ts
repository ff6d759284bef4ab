import * as fc from 'fast-check';
import { KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { kubeObject, pod, service, snapshotOf } from '../../testUtils';
import { resolveMtlsPair } from '../mtls/resolveMtlsPair';
import { findUnusedGrants } from './findUnusedGrants';
import { listAllowedCallers } from './listAllowedCallers';
import { resolveAuthorization } from './resolveAuthorization';

const API = { kind: 'Pod' as const, namespace: 'shop', name: 'api' };
const WEB = { kind: 'Pod' as const, namespace: 'shop', name: 'web' };

/** Names of fields that are read, with values of any kind: what an API server without a schema would store. */
const anyValue = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      '',
      '*',
      '{*}',
      '[',
      'a[b',
      7,
      -1,
      true,
      '10.0.0.0/99',
      'STRICT',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'action',
        'rules',
        'from',
        'to',
        'when',
        'source',
        'operation',
        'principals',
        'namespaces',
        'ipBlocks',
        'paths',
        'hosts',
        'ports',
        'key',
        'values',
        'selector',
        'matchLabels',
        'app',
        'targetRefs',
        'provider',
        'name',
        'jwtRules',
        'issuer',
        'audiences',
        'mtls',
        'mode',
        'portLevelMtls',
        '8080',
        'host',
        'trafficPolicy',
        'tls',
        'portLevelSettings',
        'port',
        'number',
        'subsets',
        'workloadSelector',
        'labels',
        'ingress',
        'egress',
        'exportTo',
        '__proto__',
        'constructor',
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

const KINDS: KindName[] = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'PeerAuthentication',
  'DestinationRule',
  'Sidecar',
  'ServiceEntry',
  'Service',
  'Pod',
];
const anyObject = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    namespace: fc.constantFrom('shop', 'istio-system'),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    spec: anyValue,
  })
  .map(({ kind, namespace, name, spec }) =>
    kubeObject(kind, { namespace, name }, { spec: spec as KubeObject['spec'] }),
  );

const BASE = [
  pod({ namespace: 'shop', name: 'api', labels: { app: 'api' } }),
  pod({ namespace: 'shop', name: 'web', labels: { app: 'web' } }),
  service({
    namespace: 'shop',
    name: 'api',
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
];

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function askAll(objects: readonly KubeObject[], meshConfig?: unknown) {
  const snapshot = snapshotOf(objects, {
    meshConfig: meshConfig as Record<string, unknown> | undefined,
  });
  const to = { workload: API, port: 8080 };
  const token = { claims: { iss: 'idp', sub: 'bob' } };
  return [
    resolveAuthorization({
      snapshot,
      request: { from: { workload: WEB }, to, method: 'GET', path: '/', token },
    }),
    resolveAuthorization({
      snapshot,
      request: { from: { principal: 'x', ip: 'no address' }, to },
    }),
    resolveMtlsPair({
      snapshot,
      server: API,
      port: 8080,
      client: { workload: WEB },
    }),
    listAllowedCallers({ snapshot, to }),
    findUnusedGrants({ snapshot, workload: API, observed: ['a/ns/b/sa/c'] }),
  ];
}

const objects = fc.uniqueArray(anyObject, {
  maxLength: 6,
  selector: ({ kind, metadata }) =>
    `${kind}/${metadata.namespace}/${metadata.name}`,
});

describe('authorization and mTLS, whatever is stored', () => {
  it('never throw and never change an object', () => {
    fc.assert(
      fc.property(objects, anyValue, (stored, config) => {
        const frozen = freeze(
          [...BASE, ...stored].map(each => structuredClone(each)),
        );
        const meshConfig =
          typeof config === 'object' && !Array.isArray(config) && config
            ? freeze(config)
            : undefined;
        expect(askAll(frozen, meshConfig)).toHaveLength(5);
      }),
      { seed: 7, numRuns: 1500 },
    );
  });

  it('do not depend on the order of the objects', () => {
    fc.assert(
      fc.property(objects, stored => {
        const forward = askAll([...BASE, ...stored]);
        const backward = askAll([...BASE, ...stored].reverse());
        const withoutLists = (answers: unknown[]) => [
          ...answers.slice(0, 3),
          answers[4],
        ];
        expect(withoutLists(backward)).toEqual(withoutLists(forward));
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
