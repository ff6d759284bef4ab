import * as fc from 'fast-check';
import { KubeObject } from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import { compact, day, pick, sometimes, rarely } from './base';

const GROUP = 'gateway.networking.k8s.io';

const hostname = rarely(
  pick('shop.example.com', '*.example.com', 'api.example.org'),
  3,
);

const allowedRoutes = fc.option(
  fc
    .record({
      namespaces: sometimes(
        pick<object>(
          { from: 'All' },
          { from: 'Same' },
          { from: 'Selector', selector: { matchLabels: { team: 'a' } } },
          {
            from: 'Selector',
            selector: {
              matchExpressions: [
                { key: 'team', operator: 'In', values: ['a', 'b'] },
              ],
            },
          },
        ),
      ),
      kinds: rarely(pick([{ kind: 'HTTPRoute' }], [{ kind: 'GRPCRoute' }]), 8),
    })
    .map(compact),
  { nil: { namespaces: { from: 'All' } }, freq: 2 },
);

const listener = fc
  .record({
    shape: pick<object>(
      { name: 'http', port: 80, protocol: 'HTTP' },
      { name: 'http-b', port: 80, protocol: 'HTTP' },
      { name: 'http-c', port: 80, protocol: 'HTTP' },
      { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
      { name: 'tcp', port: 9000, protocol: 'TCP' },
    ),
    hostname,
    allowedRoutes,
  })
  .map(({ shape, hostname: name, allowedRoutes: allowed }) => {
    const l4 = (shape as { protocol: string }).protocol === 'TCP';
    return compact({
      ...shape,
      hostname: l4 ? undefined : name,
      allowedRoutes: l4 ? { namespaces: { from: 'All' } } : allowed,
    });
  });

/** There is always something to route. */
const OPEN = {
  name: 'open',
  port: 8080,
  protocol: 'HTTP',
  allowedRoutes: { namespaces: { from: 'All' } },
};

/** A Gateway of Gateway API, served by the proxy that Istio makes for it. */
export const kubernetesGateway: fc.Arbitrary<KubeObject> = fc
  .record({
    day,
    listeners: fc.uniqueArray(listener, {
      minLength: 1,
      maxLength: 4,
      selector: item => (item as { name?: string }).name,
    }),
  })
  .map(({ day: created, listeners }) =>
    aged(
      'KubernetesGateway',
      { namespace: 'b', name: 'kg', day: created },
      { gatewayClassName: 'istio', listeners: [OPEN, ...listeners] },
    ),
  );

const gatewayParent = fc
  .record({
    name: pick('kg', 'kg', 'kg', 'other'),
    namespace: fc.constant('b'),
    sectionName: rarely(pick('http', 'http-b', 'tls', 'tcp'), 3),
    port: rarely(pick(80, 443), 6),
  })
  .map(compact);

const serviceParent = fc
  .record({
    group: fc.constant(''),
    kind: fc.constant('Service'),
    name: pick('web', 'api', 'store', 'web'),
    namespace: rarely(pick('a', 'b'), 3),
    port: rarely(pick(80, 8080), 3),
  })
  .map(compact);

const backendRef = fc
  .record({
    name: pick('web', 'api', 'store', 'nobody'),
    namespace: rarely(pick('a', 'b'), 3),
    kind: rarely(pick('Secret'), 12),
    port: pick(80, 8080, 9000),
    weight: rarely(pick(0, 1, 3), 3),
  })
  .map(compact);

const path = pick<object>(
  { type: 'PathPrefix', value: '/' },
  { type: 'PathPrefix', value: '/cart' },
  { type: 'PathPrefix', value: '/cart/' },
  { type: 'PathPrefix', value: '/api' },
  { type: 'Exact', value: '/cart' },
  { type: 'RegularExpression', value: '/c.*' },
);

const httpMatch = fc
  .record({
    path,
    method: sometimes(pick('GET', 'POST')),
    headers: rarely(
      pick<object[]>(
        [{ name: 'x-v', value: 'v1' }],
        [
          { name: 'X-User', value: 'anna' },
          { name: 'x-v', value: 'v.*', type: 'RegularExpression' },
        ],
      ),
      3,
    ),
    queryParams: rarely(pick<object[]>([{ name: 'x', value: '1' }]), 5),
  })
  .map(compact);

const filters = (inMesh: boolean) =>
  rarely(
    pick<object[]>(
      [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: {
            set: [{ name: 'Host', value: 'set.example.com' }],
          },
        },
      ],
      [
        {
          type: 'RequestRedirect',
          requestRedirect: { hostname: 'moved.example.com', statusCode: 302 },
        },
      ],
      [
        {
          type: 'RequestRedirect',
          requestRedirect: {
            scheme: 'https',
            statusCode: 301,
            path: { type: 'ReplaceFullPath', replaceFullPath: '/new' },
          },
        },
      ],
      [
        {
          type: 'URLRewrite',
          urlRewrite: {
            hostname: 'else.example.com',
            path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
          },
        },
      ],
      [
        {
          type: 'URLRewrite',
          urlRewrite: {
            path: { type: 'ReplaceFullPath', replaceFullPath: '/full' },
          },
        },
      ],
      [
        {
          type: 'RequestMirror',
          requestMirror: {
            backendRef: { name: 'api', namespace: 'a', port: 80 },
            ...(inMesh ? {} : { percent: 25 }),
          },
        },
      ],
      [
        {
          type: 'RequestMirror',
          requestMirror: { backendRef: { name: 'nobody', port: 80 } },
        },
      ],
      [
        {
          type: 'ExtensionRef',
          extensionRef: { group: 'x', kind: 'Y', name: 'z' },
        },
      ],
    ),
    3,
  );

const httpRule = (inMesh: boolean) =>
  fc
    .record({
      matches: fc.array(httpMatch, { minLength: 1, maxLength: 3 }),
      filters: filters(inMesh),
      backendRefs: fc.array(backendRef, { maxLength: 3 }),
      timeouts: rarely(
        pick<object>(
          { request: '5s' },
          { backendRequest: '2s' },
          { request: '10s', backendRequest: '3s' },
          { request: '0s' },
        ),
        4,
      ),
      retry: rarely(
        pick<object>(
          { attempts: 3, codes: [500, 503] },
          { codes: [502] },
          { attempts: 0 },
        ),
        4,
      ),
    })
    .map(compact);

/**
 * HTTPRoutes of Services, or of the Gateway. Of the routes of Gateway API only these take effect in the
 * oracle's istiod; cases from Istio's own test data stand for the others.
 */
export const httpRoutes = (
  place: 'mesh' | 'gateway',
): fc.Arbitrary<KubeObject[]> => {
  const parent: fc.Arbitrary<object> =
    place === 'mesh' ? serviceParent : gatewayParent;
  return fc
    .array(
      fc.record({
        namespace: pick('a', 'b'),
        day,
        parentRefs: fc.array(parent, { minLength: 1, maxLength: 2 }),
        hostnames: rarely(
          fc.uniqueArray(
            pick(
              'shop.example.com',
              '*.example.com',
              'web.example.com',
              'api.example.org',
            ),
            { minLength: 1, maxLength: 2 },
          ),
          3,
        ),
        http: fc.array(httpRule(place === 'mesh'), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map(list =>
      list.map(({ namespace, day: created, http, hostnames, ...spec }, index) =>
        aged(
          'HTTPRoute',
          { namespace, name: `r${index}`, day: created },
          compact({
            ...spec,
            hostnames: place === 'mesh' ? undefined : hostnames,
            rules: http,
          }),
        ),
      ),
    );
};

/** Grants that let routes of one namespace name Services of another. */
export const referenceGrants: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: pick('a', 'b'),
      from: pick('a', 'b'),
      kind: pick('HTTPRoute', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'),
      name: rarely(pick('web', 'api', 'store'), 3),
    }),
    { maxLength: 3 },
  )
  .map(list =>
    list.map(({ namespace, from, kind, name }, index) => ({
      ...aged(
        'ReferenceGrant',
        { namespace, name: `g${index}`, day: 1 },
        {
          from: [{ group: GROUP, kind, namespace: from }],
          to: [compact({ group: '', kind: 'Service', name })],
        },
      ),
      apiVersion: `${GROUP}/v1beta1`,
    })),
  );
