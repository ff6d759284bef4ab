import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import {
  apiVersionOf,
  kubernetesKindOf,
  type KindName,
} from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { validateObject } from './validateObject';

interface Case {
  name: string;
  metadata?: Partial<KubeObject['metadata']>;
  spec: Record<string, unknown>;
  errors?: string[];
  /** Starts of the lines, where their rest is not ours to fix. */
  errorsLike?: string[];
  warnings?: string[];
}

const folder = join(__dirname, 'cases');
const tables = readdirSync(folder).map(
  file =>
    load(readFileSync(join(folder, file), 'utf8')) as {
      kind: KindName;
      cases: Case[];
    },
);

describe.each(tables.map(table => [table.kind, table.cases] as const))(
  'validateObject of %s',
  (kind, cases) => {
    it.each(cases.map(test => [test.name, test] as const))('%s', (_, test) => {
      const result = validateObject({
        apiVersion: apiVersionOf(kind),
        kind: kubernetesKindOf(kind),
        metadata: { name: 'x', namespace: 'catalog', ...test.metadata },
        spec: test.spec,
      });
      const starts = test.errorsLike;
      expect({
        ...result,
        errors: result.errors.map((line, index) =>
          line.slice(0, starts?.[index]?.length),
        ),
      }).toEqual({
        judged: true,
        judge: 'istiod',
        errors: starts ?? test.errors ?? [],
        warnings: test.warnings ?? [],
      });
    });
  },
);

describe('validateObject', () => {
  it('refuses a TrafficExtension of two kinds, as its CRD does', () => {
    expect(
      validateObject({
        apiVersion: apiVersionOf('TrafficExtension'),
        kind: 'TrafficExtension',
        metadata: { name: 'x' },
        spec: { wasm: { url: 'a' }, lua: { inlineCode: 'x' } },
      }).errors,
    ).toEqual(['spec: must have exactly one of wasm and lua']);
  });

  const gatewayApi = (kind: string, spec: unknown, version = 'v1') =>
    validateObject({
      apiVersion: `gateway.networking.k8s.io/${version}`,
      kind,
      metadata: { name: 'x' },
      spec,
    } as KubeObject);

  it.each([
    [
      'GRPCRoute',
      { rules: 'nonsense' },
      'spec.rules: must be of type array, it is string',
    ],
    ['TCPRoute', {}, 'spec.rules: is required'],
    ['TLSRoute', undefined, 'spec: is required'],
    [
      'HTTPRoute',
      { rules: [{ matches: [{ method: 'FETCH' }] }] },
      'spec.rules[0].matches[0].method: must be one of "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", it is "FETCH"',
    ],
    [
      'HTTPRoute',
      { rules: [{ name: 'A_b' }] },
      'spec.rules[0].name: must match \'^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$\', it is "A_b"',
    ],
    [
      'HTTPRoute',
      { rules: [{ timeouts: { request: '1s', backendRequest: '2s' } }] },
      'spec.rules[0].timeouts: backendRequest timeout cannot be longer than request timeout',
    ],
    [
      'HTTPRoute',
      { hostnames: Array(17).fill('a.example') },
      'spec.hostnames: must have at most 16 items',
    ],
    [
      'Gateway',
      {
        gatewayClassName: 'istio',
        listeners: ['a', 'a'].map((name, index) => ({
          name,
          port: 80 + index,
          protocol: 'HTTP',
        })),
      },
      'spec.listeners[1]: is there a second time: {"name":"a"}',
    ],
    [
      'Gateway',
      {
        gatewayClassName: 'istio',
        addresses: [{ type: 'IPAddress', value: 'a' }],
        listeners: [{ name: 'a', port: 80, protocol: 'HTTP' }],
      },
      'spec.addresses[0]: fits none of the forms that are allowed',
    ],
    [
      'Gateway',
      {
        gatewayClassName: 'istio',
        listeners: [
          {
            name: 'a',
            port: 443,
            protocol: 'HTTPS',
            tls: { mode: 'Terminate' },
          },
        ],
      },
      'spec.listeners[0].tls: certificateRefs or options must be specified when mode is Terminate',
    ],
    [
      'BackendTLSPolicy',
      {
        targetRefs: [{ group: '', kind: 'Service', name: 'a' }],
        validation: { hostname: 'a.example' },
      },
      'spec.validation: must specify either CACertificateRefs or WellKnownCACertificates',
    ],
  ])('says what the API server refuses in a %s', (kind, spec, line) => {
    const { judge, errors } = gatewayApi(kind, spec);
    expect({ judge, first: errors[0] }).toEqual({
      judge: 'apiServer',
      first: line,
    });
  });

  it('names what the API server would drop, and judges older versions too', () => {
    const spec = { rules: [{ retrys: {}, filters: null }] };
    for (const version of ['v1', 'v1beta1']) {
      expect(gatewayApi('HTTPRoute', spec, version)).toEqual({
        judged: true,
        judge: 'apiServer',
        errors: [],
        warnings: [
          'spec.rules[0].retrys: is no field of HTTPRoute, the API server drops it',
        ],
      });
    }
  });

  it.each([
    ['Route', 'v1'],
    ['HTTPRoute', 'v9'],
  ])('does not judge what it does not know: %s %s', (kind, version) => {
    expect(gatewayApi(kind, { rules: 'nonsense' }, version)).toEqual({
      judged: false,
      errors: [],
      warnings: [],
    });
  });

  it('survives any shape of a spec', () => {
    for (const { kind, cases } of tables) {
      for (const spec of [undefined, null, 'text', 7, [], [null]]) {
        const object = {
          apiVersion: apiVersionOf(kind),
          kind,
          metadata: { name: 'x' },
          spec,
        } as unknown as KubeObject;
        expect(() => validateObject(object)).not.toThrow();
      }
      for (const { spec } of cases) {
        for (const field of Object.keys(spec)) {
          for (const value of ['text', 7, [7], [[]], { a: [1] }, [{ a: 1 }]]) {
            const object = {
              apiVersion: apiVersionOf(kind),
              kind,
              metadata: { name: 'x' },
              spec: { ...spec, [field]: value },
            } as KubeObject;
            expect(() => validateObject(object)).not.toThrow();
          }
        }
      }
    }
  });
});
