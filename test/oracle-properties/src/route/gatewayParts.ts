import * as fc from 'fast-check';
import { KubeObject } from '@istio-backstage/plugin-istio-common';
import { service } from '@istio-backstage/plugin-istio-common/testUtils';
import { aged, meshPod } from '../world/objects';
import { compact, day, exportTo, pick, rarely } from './base';
import { GRPC_PATHS } from './gatewayApiOthers';
import { PATHS } from './virtualServices';
import { RouteQuestion } from './questions';

const OUTSIDE = [
  'shop.example.com',
  'web.example.com',
  '*.example.com',
  '*',
  'api.example.org',
  '*.org',
];

/** Proxies of gateways: one that Istio's Gateways select, one that a Gateway API Gateway made. */
export const PROXIES: readonly KubeObject[] = [
  meshPod({
    namespace: 'a',
    name: 'gw-1',
    labels: { app: 'gw' },
    ip: '10.2.0.1',
    sidecar: false,
  }),
  meshPod({
    namespace: 'b',
    name: 'kg-istio-1',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'kg' },
    ip: '10.2.0.2',
    sidecar: false,
  }),
  service({
    namespace: 'a',
    name: 'gw',
    ports: [
      { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
      { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
    ],
    spec: { clusterIP: '10.97.0.1', type: 'ClusterIP' },
  }),
  service({
    namespace: 'b',
    name: 'kg-istio',
    selector: { 'gateway.networking.k8s.io/gateway-name': 'kg' },
    ports: [
      { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' },
      { name: 'https', port: 443, targetPort: 443, protocol: 'TCP' },
      { name: 'tcp', port: 9000, targetPort: 9000, protocol: 'TCP' },
      { name: 'open', port: 8080, targetPort: 8080, protocol: 'TCP' },
    ],
    spec: { clusterIP: '10.97.0.2', type: 'ClusterIP' },
  }),
];

/** A full wildcard with namespaces beside another host makes istiod panic (sanitizeServerHostNamespace), so it stands alone. */
const serverHosts = fc.oneof(
  { weight: 1, arbitrary: fc.constant(['*/*']) },
  {
    weight: 8,
    arbitrary: fc.uniqueArray(
      pick(
        ...OUTSIDE.filter(host => host !== '*.org'),
        'a/*.example.com',
        './shop.example.com',
        '*/web.example.com',
        'b/*',
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
);

const simple = { mode: 'SIMPLE', credentialName: 'cert' };
const server = fc
  .record({
    shape: pick<object>(
      { port: { number: 80, name: 'http', protocol: 'HTTP' } },
      { port: { number: 80, name: 'http', protocol: 'HTTP' } },
      {
        port: { number: 80, name: 'http', protocol: 'HTTP' },
        tls: { httpsRedirect: true },
      },
      { port: { number: 8080, name: 'http2', protocol: 'HTTP2' } },
      { port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls: simple },
      {
        port: { number: 443, name: 'https-b', protocol: 'HTTPS' },
        tls: simple,
      },
      {
        port: { number: 443, name: 'tls', protocol: 'TLS' },
        tls: { mode: 'PASSTHROUGH' },
      },
      {
        port: { number: 443, name: 'https-p', protocol: 'HTTPS' },
        tls: { mode: 'PASSTHROUGH' },
      },
      { port: { number: 443, name: 'tls-s', protocol: 'TLS' }, tls: simple },
      { port: { number: 9000, name: 'tcp', protocol: 'TCP' } },
    ),
    hosts: serverHosts,
  })
  .map(({ shape, hosts }) => ({ ...shape, hosts }));

const OPEN = {
  port: { number: 80, name: 'open', protocol: 'HTTP' },
  hosts: ['*'],
};

/** Istio's Gateways that select the first proxy, or every one. */
export const gateways: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      namespace: pick('a', 'a', 'a', 'a', 'b', 'istio-system'),
      day,
      selector: rarely(fc.constant({ app: 'gw' }), 8),
      servers: fc.uniqueArray(server, {
        minLength: 1,
        maxLength: 3,
        selector: item => (item as { port?: { name: string } }).port?.name,
      }),
    }),
    { minLength: 2, maxLength: 3 },
  )
  .map(list =>
    list.map(({ namespace, day: created, selector, servers }, index) =>
      // The first one opens a port, so that there is something to route.
      aged(
        'Gateway',
        {
          namespace: index === 0 ? 'a' : namespace,
          name: `gw${index}`,
          day: created,
        },
        compact({
          selector,
          servers: index === 0 ? [OPEN, ...servers] : servers,
        }),
      ),
    ),
  );

const backend = fc
  .record({
    host: pick('web.a.svc.cluster.local', 'store.b.svc.cluster.local', 'api'),
    port: rarely(
      pick(80, 8080, 9000).map(number => ({ number })),
      3,
    ),
  })
  .map(compact);

const match = fc
  .record({
    uri: pick({ prefix: '/' }, { prefix: '/cart' }, { exact: '/cart' }),
    port: rarely(pick(80, 443, 8080), 5),
    gateways: rarely(pick(['gw0'], ['a/gw1'], ['mesh']), 5),
    sourceLabels: rarely(pick({ app: 'gw' }, { app: 'web' }), 8),
  })
  .map(compact);

const http = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          match: rarely(fc.array(match, { minLength: 1, maxLength: 2 }), 3),
          route: backend.map(destination => [{ destination }]),
        })
        .map(compact),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        match: fc.array(match, { minLength: 1, maxLength: 1 }),
        redirect: fc.constant({
          authority: 'x.example.com',
          derivePort: 'FROM_REQUEST_PORT',
        }),
      }),
    },
  ),
  { minLength: 1, maxLength: 3 },
);

/** VirtualServices bound to gateways: several for one host are put together. */
export const boundVirtualServices: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc
      .uniqueArray(pick(...OUTSIDE.filter(host => host !== '*.org')), {
        minLength: 1,
        maxLength: 2,
      })
      .chain(hosts =>
        fc.record({
          namespace: pick('a', 'b', 'istio-system'),
          day,
          hosts: fc.constant(hosts),
          exportTo: rarely(exportTo, 2),
          gateways: fc.uniqueArray(
            pick(
              'gw0',
              'a/gw0',
              'a/gw0',
              'a/gw1',
              'a/gw1',
              'b/gw1',
              'istio-system/gw0',
              './gw2',
            ),
            { minLength: 1, maxLength: 3 },
          ),
          http: rarely(http, 4),
          tls: rarely(
            fc.constant([
              {
                match: [{ port: 443, sniHosts: hosts.slice(0, 1) }],
                route: [
                  {
                    destination: {
                      host: 'store.b.svc.cluster.local',
                      port: { number: 443 },
                    },
                  },
                ],
              },
            ]),
            2,
          ),
          tcp: rarely(
            pick<object[]>(
              [
                {
                  route: [
                    {
                      destination: {
                        host: 'store.b.svc.cluster.local',
                        port: { number: 9000 },
                      },
                    },
                  ],
                },
              ],
              [
                {
                  match: [{ port: 9000 }],
                  route: [{ destination: { host: 'web.a.svc.cluster.local' } }],
                },
              ],
            ),
            2,
          ),
        }),
      ),
    { minLength: 1, maxLength: 5 },
  )
  .map(list =>
    list.map(({ namespace, day: created, http: rules, ...spec }, index) =>
      aged(
        'VirtualService',
        { namespace, name: `vs${index}`, day: created },
        compact({
          ...spec,
          http: rules?.map((rule, at) => ({
            ...rule,
            name: `vs${index}-${at}`,
          })),
        }),
      ),
    ),
  );

const PODS = {
  istio: {
    namespace: 'a',
    pod: 'gw-1',
    labels: { app: 'gw' },
    ports: [8080, 8080, 8080, 8443, 9000],
  },
  kubernetes: {
    namespace: 'b',
    pod: 'kg-istio-1',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'kg' },
    ports: [8080, 8080, 8080, 80, 80, 443, 9000],
  },
};

/** What is spoken to a port by who knows it. */
const USUAL: Readonly<Record<number, string>> = {
  443: 'https',
  8443: 'https',
  9000: 'tcp',
};

/** Requests and connections that arrive at a gateway. */
export const gatewayQuestions = (
  proxy: keyof typeof PODS,
): fc.Arbitrary<RouteQuestion> => {
  const { namespace, pod, labels, ports } = PODS[proxy];
  return fc
    .record({
      host: pick(
        'shop.example.com',
        'web.example.com',
        'sub.example.com',
        'api.example.org',
        'nobody.example.net',
      ),
      port: pick(...ports),
      kind: pick('tcp', 'tls', 'https', ...Array(9).fill('usual')),
      path: pick(...PATHS, ...GRPC_PATHS),
    })
    .map(({ host, port, kind: given, path }) => ({
      host,
      port,
      path,
      kind: given === 'usual' ? USUAL[port] ?? 'http' : given,
    }))
    .map(({ host, port, kind, path }) => ({
      mode: 'gateway',
      pod,
      request: compact({
        host,
        port,
        path,
        protocol:
          kind === 'tcp' || kind === 'tls'
            ? ('tcp' as const)
            : ('http' as const),
        tls: kind === 'https' || kind === 'tls',
        sni: kind === 'https' || kind === 'tls' ? host : undefined,
        from: { kind: 'gatewayWorkload' as const, namespace, labels },
      }),
    }));
};
