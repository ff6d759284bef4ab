import { judge } from './judge';

const GATEWAY = 'gateway.networking.k8s.io';
const rules = (...items: unknown[]) => ({ rules: items });
const filters = (...items: unknown[]) => rules({ filters: items });
const modifier = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x', value: 'y' }] },
};
const paths = (count: number) => ({
  matches: Array.from({ length: count }, (_, index) => ({
    path: { value: `/${index}` },
  })),
});

/** What the schemas and CEL rules of Gateway API's kinds say. */
export const GATEWAY_SCHEMAS = [
  ...judge(
    { group: GATEWAY, kind: 'HTTPRoute', plural: 'httproutes' },
    {
      empty: {},
      weights: {
        parentRefs: [{ name: 'gw' }],
        ...rules({
          backendRefs: [
            { name: 'a', port: 80 },
            { name: 'b', port: 80, weight: 0 },
          ],
        }),
      },
      mesh: {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews', port: 80 }],
        ...rules({
          matches: [{ headers: [{ name: 'a', value: 'b' }] }],
          filters: [modifier],
          backendRefs: [{ name: 'a', port: 80 }],
          timeouts: { request: '10s', backendRequest: '2s' },
        }),
      },
      'backend without a port': rules({ backendRefs: [{ name: 'a' }] }),
      'bad host name': { hostnames: ['A_b'] },
      'filter twice': filters(modifier, modifier),
      'double slash': rules({
        matches: [{ path: { type: 'PathPrefix', value: 'x//y' } }],
      }),
      'regular expression': rules({
        matches: [{ path: { type: 'RegularExpression', value: 'x//y' } }],
      }),
      'timeouts the wrong way round': rules({
        timeouts: { request: '1s', backendRequest: '2s' },
      }),
      'header twice': rules({
        matches: [
          {
            headers: [
              { name: 'a', value: 'b' },
              { name: 'a', value: 'c' },
            ],
          },
        ],
      }),
      'prefix redirect of an exact path': rules({
        filters: [
          {
            type: 'RequestRedirect',
            requestRedirect: {
              path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/x' },
            },
          },
        ],
        matches: [{ path: { type: 'Exact', value: '/a' } }],
      }),
      'redirect and rewrite': filters(
        { type: 'RequestRedirect' },
        { type: 'URLRewrite', urlRewrite: { hostname: 'a' } },
      ),
      'too many rules': rules(...Array.from({ length: 17 }, () => ({}))),
      'parents not told apart': {
        parentRefs: [{ name: 'a', sectionName: 'x' }, { name: 'a' }],
      },
      'parent port of zero': { parentRefs: [{ name: 'a', port: 0 }] },
      'negative weight': rules({
        backendRefs: [{ name: 'a', port: 80, weight: -1 }],
      }),
      'mirror by percent and fraction': filters({
        type: 'RequestMirror',
        requestMirror: {
          backendRef: { name: 'm', port: 80 },
          percent: 3,
          fraction: { numerator: 1 },
        },
      }),
      'cors of all and one': filters({
        type: 'CORS',
        cors: { allowOrigins: ['*', 'https://a.b'], maxAge: 0 },
      }),
      'more than 128 matches': rules(paths(64), paths(64), { matches: [{}] }),
    },
  ),
  ...judge(
    { group: GATEWAY, kind: 'GRPCRoute', plural: 'grpcroutes' },
    {
      method: rules({
        matches: [{ method: { service: 'foo.Bar', method: 'Get' } }],
        backendRefs: [{ name: 'a', port: 1 }],
      }),
      'bad service': rules({ matches: [{ method: { service: '1foo' } }] }),
      'nothing to match': rules({ matches: [{ method: { type: 'Exact' } }] }),
    },
  ),
  ...judge(
    { group: GATEWAY, kind: 'Gateway', plural: 'gateways' },
    {
      listener: {
        gatewayClassName: 'istio',
        listeners: [{ name: 'a', port: 80, protocol: 'HTTP' }],
      },
      'listener twice': {
        gatewayClassName: 'istio',
        listeners: [
          { name: 'a', port: 80, protocol: 'HTTP' },
          { name: 'b', port: 80, protocol: 'HTTP' },
        ],
      },
      'listener name twice': {
        gatewayClassName: 'istio',
        listeners: [
          { name: 'a', port: 80, protocol: 'HTTP' },
          { name: 'a', port: 81, protocol: 'HTTP' },
        ],
      },
      'TLS without a certificate': {
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
      'TLS on HTTP': {
        gatewayClassName: 'istio',
        listeners: [
          {
            name: 'a',
            port: 80,
            protocol: 'HTTP',
            tls: { mode: 'Terminate', certificateRefs: [{ name: 'x' }] },
          },
        ],
      },
      'address twice': {
        gatewayClassName: 'i',
        addresses: [
          { type: 'IPAddress', value: '1.2.3.4' },
          { type: 'IPAddress', value: '1.2.3.4' },
        ],
        listeners: [{ name: 'a', port: 80, protocol: 'HTTP' }],
      },
    },
  ),
];
