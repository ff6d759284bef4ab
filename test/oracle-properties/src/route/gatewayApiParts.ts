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
