import fc from 'fast-check';
import { kubeObject, pod, service } from '../testUtils';
import { readDestinationRule } from './destinationRule';
import {
  readGateway,
  readKubernetesGateway,
  resolveGatewayName,
} from './gateway';
import {
  hostSpecificity,
  isExportedTo,
  isIpAddress,
  isPrivate,
  resolveHost,
  serviceOfHost,
} from './host';
import { readGatewayApiRoute } from './httpRoute';
import { KIND_NAMES } from './kinds';
import { resolveAmbientWish, resolveInjection } from './namespace';
import { describeObject, compareByAge, objectKey } from './objectKey';
import { readPeerAuthentication } from './peerAuthentication';
import { readPod } from './pod';
import { parseLabelSelector } from './selector';
import { readService, resolveProtocol } from './service';
import { readServiceEntry } from './serviceEntry';
import { subsetNameOf } from './subsetName';
import { KubeObject } from './types';
import { readVirtualService } from './virtualService';
import { readWorkload, versionOfLabels } from './workload';

const CATALOG = { namespace: 'catalog', domain: 'cluster.local' };

describe('resolveHost', () => {
  it.each([
    ['reviews', 'reviews.catalog.svc.cluster.local'],
    ['Reviews', 'reviews.catalog.svc.cluster.local'],
    ['reviews.', 'reviews.catalog.svc.cluster.local'],
    ['reviews.catalog', 'reviews.catalog'],
    ['reviews.catalog.svc.cluster.local', 'reviews.catalog.svc.cluster.local'],
    ['reviews.catalog.svc.cluster.local.', 'reviews.catalog.svc.cluster.local'],
    ['*', '*'],
    ['*.example', '*.example'],
    ['10.0.0.1', '10.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', ''],
  ])('%s', (host, expected) => {
    expect(resolveHost(host, CATALOG)).toBe(expected);
  });

  it('changes nothing the second time, whatever the namespace', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^[a-zA-Z*][a-zA-Z0-9.*-]{0,30}\.?$/),
        ),
        host => {
          const once = resolveHost(host, CATALOG);
          expect(resolveHost(once, { ...CATALOG, namespace: 'other' })).toBe(
            once,
          );
        },
      ),
    );
  });
});

describe('hosts', () => {
  it('names the Service behind a full name only', () => {
    expect(serviceOfHost('a.b.svc.cluster.local', 'cluster.local')).toEqual({
      name: 'a',
      namespace: 'b',
    });
    expect(serviceOfHost('a.b', 'cluster.local')).toBeUndefined();
    expect(
      serviceOfHost('x.a.b.svc.cluster.local', 'cluster.local'),
    ).toBeUndefined();
    expect(
      serviceOfHost('*.b.svc.cluster.local', 'cluster.local'),
    ).toBeUndefined();
    expect(
      serviceOfHost('a.b.svc.cluster.local', 'other.local'),
    ).toBeUndefined();
  });

  it('ranks exact over long over short wildcards', () => {
    const rank = (pattern: string) =>
      hostSpecificity(pattern, 'a.b.example') ?? -1;
    expect(rank('a.b.example')).toBeGreaterThan(rank('*.b.example'));
    expect(rank('*.b.example')).toBeGreaterThan(rank('*.example'));
    expect(rank('*.example')).toBeGreaterThan(rank('*'));
    expect(rank('*.other')).toBe(-1);
    expect(rank('b.example')).toBe(-1);
  });

  it('knows addresses', () => {
    expect(isIpAddress('10.0.0.1')).toBe(true);
    expect(isIpAddress('::1')).toBe(true);
    expect(isIpAddress('a.b')).toBe(false);
  });

  it.each([
    [[], 'b', true],
    [['*'], 'b', true],
    [['.'], 'b', false],
    [['.'], 'a', true],
    [['b'], 'b', true],
    [['c'], 'b', false],
    [['~'], 'a', false],
  ])('exportTo %p to %s', (exportTo, to, expected) => {
    expect(isExportedTo(exportTo, { from: 'a', to })).toBe(expected);
  });

  it('knows what is private', () => {
    expect(isPrivate(['.'], 'a')).toBe(true);
    expect(isPrivate(['a'], 'a')).toBe(true);
    expect(isPrivate(['.', 'b'], 'a')).toBe(false);
    expect(isPrivate([], 'a')).toBe(false);
  });
});

describe('resolveProtocol', () => {
  it.each([
    [{ port: 80, name: 'http' }, 'http'],
    [{ port: 80, name: 'http-web' }, 'http'],
    [{ port: 80, name: 'grpc-web-x' }, 'grpc-web'],
    [{ port: 80, name: 'grpc' }, 'grpc'],
    [{ port: 80, name: 'web' }, 'auto'],
    [{ port: 80 }, 'auto'],
    [{ port: 3306 }, 'tcp'],
    [{ port: 3306, name: 'http' }, 'http'],
    [{ port: 53, transport: 'UDP' }, 'udp'],
    [{ port: 80, name: 'tcp', appProtocol: 'http' }, 'http'],
    [{ port: 80, appProtocol: 'kubernetes.io/h2c' }, 'http2'],
    [{ port: 80, name: 'http', appProtocol: 'example.com/x' }, 'auto'],
    [{ port: 80, name: 'HTTPS-admin' }, 'https'],
  ])('%p', (port, expected) => {
    expect(resolveProtocol(port)).toBe(expected);
  });
});

describe('parseLabelSelector', () => {
  it.each([
    ['app=reviews', { app: 'reviews' }, []],
    [' app == reviews , tier=web ', { app: 'reviews', tier: 'web' }, []],
    ['app=', { app: '' }, []],
    ['a in (x)', { a: 'x' }, []],
    ['a in (x, y)', {}, ['a in (x, y)']],
    ['a notin (x)', {}, ['a notin (x)']],
    ['a', {}, ['a']],
    ['!a', {}, ['!a']],
    ['a!=b', {}, ['a!=b']],
    ['a=x,a=y', { a: 'x' }, ['a=y']],
    ['', {}, []],
  ])('%s', (text, selector, unsupported) => {
    expect(parseLabelSelector(text)).toEqual({ selector, unsupported });
  });
});

describe('labels of the mesh', () => {
  const ns = (labels: Record<string, string>) =>
    kubeObject('Namespace', { name: 'a', labels });

  it.each([
    [{ 'istio-injection': 'enabled' }, {}, true],
    [
      { 'istio-injection': 'enabled' },
      { 'sidecar.istio.io/inject': 'false' },
      false,
    ],
    [{}, { 'sidecar.istio.io/inject': 'true' }, true],
    [
      { 'istio-injection': 'disabled' },
      { 'sidecar.istio.io/inject': 'true' },
      false,
    ],
    [{ 'istio.io/rev': 'x' }, {}, true],
    [{}, { 'istio.io/rev': 'x' }, true],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'x' }, {}, false],
    [{}, {}, false],
  ])('injection of %p and %p', (labels, podLabels, wanted) => {
    expect(
      resolveInjection(
        ns(labels as Record<string, string>),
        podLabels as Record<string, string>,
      ).wanted,
    ).toBe(wanted);
  });

  it.each([
    [{ 'istio.io/dataplane-mode': 'ambient' }, {}, true],
    [
      { 'istio.io/dataplane-mode': 'ambient' },
      { 'istio.io/dataplane-mode': 'none' },
      false,
    ],
    [{}, { 'istio.io/dataplane-mode': 'ambient' }, true],
    [{}, {}, false],
  ])('ambient of %p and %p', (labels, podLabels, wanted) => {
    expect(
      resolveAmbientWish(
        ns(labels as Record<string, string>),
        podLabels as Record<string, string>,
      ).wanted,
    ).toBe(wanted);
  });

  it('goes by the canonical revision first', () => {
    expect(versionOfLabels({ version: 'v1' })).toBe('v1');
    expect(
      versionOfLabels({
        version: 'v1',
        'service.istio.io/canonical-revision': 'c',
      }),
    ).toBe('c');
    expect(versionOfLabels({})).toBeUndefined();
  });

  it('makes names of subsets', () => {
    expect(subsetNameOf('1.4.2_RC')).toBe('1-4-2-rc');
    expect(subsetNameOf('-x-')).toBe('x');
    expect(subsetNameOf('v1')).toBe('v1');
  });
});

describe('readers', () => {
  const readers = [
    readVirtualService,
    readDestinationRule,
    readService,
    readPod,
    readWorkload,
    readGatewayApiRoute,
    readPeerAuthentication,
    readGateway,
    readKubernetesGateway,
    readServiceEntry,
  ];

  it('never fail on a malformed object', () => {
    const value = fc.object({
      maxDepth: 4,
      key: fc.constantFrom(
        'spec',
        'http',
        'route',
        'match',
        'hosts',
        'rules',
        'ports',
        'selector',
        'containers',
        'subsets',
        'template',
        'metadata',
        'labels',
        'servers',
        'port',
        'portLevelMtls',
      ),
    });
    fc.assert(
      fc.property(
        value,
        value,
        fc.constantFrom(...KIND_NAMES),
        (spec, status, kind) => {
          const object = kubeObject(kind, { name: 'x' }, { spec, status });
          readers.forEach(read => expect(read(object)).toBeDefined());
        },
      ),
    );
  });

  it('read an object once', () => {
    const object = service({ namespace: 'a', name: 'b' });
    expect(readService(object)).toBe(readService(object));
  });

  it.each([
    ['docker.io/istio/proxyv2:1.31.0', '1.31.0'],
    ['registry:5000/proxyv2:1.30.1-distroless@sha256:abc', '1.30.1'],
    ['registry:5000/proxyv2', undefined],
    ['proxyv2@sha256:abc', undefined],
  ])('proxy version of %s', (image, expected) => {
    const object: KubeObject = {
      ...pod({ namespace: 'a', name: 'b' }),
      spec: { containers: [{ name: 'istio-proxy', image }] },
    };
    expect(readPod(object).proxyVersion).toBe(expected);
  });

  it('knows parents of a route by group and kind', () => {
    const { parents } = readGatewayApiRoute(
      kubeObject(
        'HTTPRoute',
        { namespace: 'a', name: 'b' },
        {
          spec: {
            parentRefs: [
              { name: 'gw' },
              { group: '', kind: 'Service', name: 'svc', port: 80 },
              { kind: 'Service', name: 'wrong-group' },
              { group: '', kind: 'Service', name: 'far', namespace: 'c' },
            ],
          },
        },
      ),
    );
    expect(
      parents.map(
        ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`,
      ),
    ).toEqual([
      'Gateway a/gw',
      'Service a/svc',
      'other a/wrong-group',
      'Service c/far',
    ]);
  });

  it.each([
    ['gw', 'a/gw'],
    ['b/gw', 'b/gw'],
    ['./gw', 'a/gw'],
    ['mesh', 'mesh'],
    ['gw.b.svc.cluster.local', 'b/gw'],
  ])('gateway %s', (name, expected) => {
    expect(resolveGatewayName(name, 'a')).toBe(expected);
  });
});

describe('objectKey', () => {
  it('is the same for versions of a group and differs between groups', () => {
    const object = kubeObject('Gateway', { namespace: 'a', name: 'b' });
    expect(
      objectKey({ ...object, apiVersion: 'networking.istio.io/v1beta1' }),
    ).toBe(objectKey(object));
    expect(
      objectKey(kubeObject('KubernetesGateway', { namespace: 'a', name: 'b' })),
    ).not.toBe(objectKey(object));
    expect(describeObject(object)).toBe('Gateway a/b');
  });

  it('sorts by age, then name, and the unborn last', () => {
    const at = (name: string, creationTimestamp?: string) =>
      kubeObject('Service', { name, creationTimestamp });
    expect(
      [
        at('d'),
        at('b', '2026-01-02T00:00:00Z'),
        at('c', '2026-01-01T00:00:00Z'),
        at('a', '2026-01-02T00:00:00Z'),
      ]
        .map(object => ({ ...object, metadata: { ...object.metadata } }))
        .sort(compareByAge)
        .map(({ metadata }) => metadata.name),
    ).toEqual(['c', 'a', 'b', 'd']);
  });
});
