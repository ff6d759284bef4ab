import { collectFacts, to } from './fact';
import {
  istio,
  pod,
  reviews,
  service,
  shop,
  subsets,
  v1,
  v2,
  vs,
  two,
} from './worlds';

const { facts, route } = collectFacts();

/** What a proxy can reach, gateways and Gateway API routes. */
export const reachabilityFacts = facts;

const serviceEntry = istio(
  'ServiceEntry',
  'api',
  '{hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}',
);
route(
  'ServiceEntry',
  shop + serviceEntry,
  {
    outcome: 'routed',
    clusters: [{ host: 'api.example.com', endpoints: ['api.example.com:80'] }],
  },
  { host: 'api.example.com' },
);
route(
  'unknown host passes through',
  shop,
  { outcome: 'passthrough' },
  { host: 'nowhere.example.com' },
);
route(
  'REGISTRY_ONLY blocks an unknown host',
  shop,
  { outcome: 'blackhole' },
  {
    host: 'nowhere.example.com',
    meshConfig: 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}',
  },
);
route('REGISTRY_ONLY keeps a known host', shop, to(['', 100]), {
  meshConfig: 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}',
});
route(
  'Sidecar egress hides other namespaces',
  shop + istio('Sidecar', 'default', "{egress: [{hosts: ['./*']}]}"),
  { outcome: 'passthrough' },
  { host: 'ratings.two.svc.cluster.local' },
);
route(
  'a Sidecar for the workload beats the namespace default',
  shop +
    istio('Sidecar', 'default', "{egress: [{hosts: ['./*']}]}") +
    istio(
      'Sidecar',
      'mine',
      "{workloadSelector: {labels: {app: client}}, egress: [{hosts: ['*/*']}]}",
    ),
  { outcome: 'routed' },
  { host: 'ratings.two.svc.cluster.local' },
);
route(
  'a Sidecar in the root namespace is the default',
  shop +
    istio('Sidecar', 'default', "{egress: [{hosts: ['./*']}]}", {
      ns: 'istio-system',
    }),
  { outcome: 'passthrough' },
  { host: 'ratings.two.svc.cluster.local' },
);
route(
  'TCP service',
  shop + service('db', { port: 5432, portName: 'tcp', target: 5432 }),
  {
    outcome: 'routed',
    clusters: [{ host: 'db.default.svc.cluster.local', port: 5432 }],
  },
  { host: 'db', port: 5432, protocol: 'tcp' },
);
const gateway =
  shop +
  subsets +
  pod('ingress', 'istio: ingressgateway', '10.1.9.9', { ns: 'istio-system' }) +
  istio(
    'Gateway',
    'gw',
    '{selector: {istio: ingressgateway}, servers: [{hosts: [shop.example.com], port: {number: 80, name: http, protocol: HTTP}}, {hosts: [secure.example.com], tls: {httpsRedirect: true}, port: {number: 80, name: http-secure, protocol: HTTP}}]}',
  ) +
  vs(
    'edge',
    `{hosts: [shop.example.com, secure.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /r}}], route: [${v1}]}]}`,
  );
route('gateway routes a bound host', gateway, to(['v1', 100]), {
  host: 'shop.example.com',
  path: '/r/1',
  mode: 'gateway',
  pod: 'ingress',
  ns: 'istio-system',
});
route(
  'gateway answers 404 for another path',
  gateway,
  { outcome: 'noRoute' },
  {
    host: 'shop.example.com',
    path: '/x',
    mode: 'gateway',
    pod: 'ingress',
    ns: 'istio-system',
  },
);
route(
  'gateway httpsRedirect',
  gateway,
  { outcome: 'tlsRedirect' },
  {
    host: 'secure.example.com',
    path: '/r',
    mode: 'gateway',
    pod: 'ingress',
    ns: 'istio-system',
  },
);
route(
  'VirtualServices of a gateway host are merged',
  gateway +
    vs(
      'edge2',
      `{hosts: [shop.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /q}}], route: [${v2}]}]}`,
    ),
  to(['v2', 100]),
  {
    host: 'shop.example.com',
    path: '/q',
    mode: 'gateway',
    pod: 'ingress',
    ns: 'istio-system',
  },
);
route(
  'a gateway VirtualService does not bind the mesh',
  gateway,
  to(['', 100]),
  { host: 'reviews' },
);
const httpRoute = `${shop + service('reviews-b', { selector: 'reviews' })}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: split, namespace: default}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules: [{backendRefs: [{name: reviews, port: 80, weight: 3}, {name: reviews-b, port: 80, weight: 1}]}]
---`;
const gatewayApi = `${
  shop +
  service('edge-istio', { selector: 'edge', target: 80 }) +
  pod(
    'edge',
    'app: edge, gateway.networking.k8s.io/gateway-name: edge',
    '10.1.0.8',
    { port: 80 },
  )
}
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge, namespace: default}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {type: PathPrefix, value: /r}}], backendRefs: [{name: reviews, port: 80}]}]
---`;
route('Gateway API gateway', gatewayApi, to(['', 100]), {
  host: 'shop.example.com',
  path: '/r/1',
  mode: 'gateway',
  pod: 'edge',
});
route(
  'Gateway API path prefix ends at a segment',
  gatewayApi,
  { outcome: 'noRoute' },
  { host: 'shop.example.com', path: '/rx', mode: 'gateway', pod: 'edge' },
);
route('HTTPRoute attached to a Service', httpRoute, {
  clusters: [
    { host: 'reviews.default.svc.cluster.local', weight: 3 },
    { host: 'reviews-b.default.svc.cluster.local', weight: 1 },
  ],
});
route(
  'HTTPRoute with all weights 0 answers 500',
  httpRoute
    .replaceAll('weight: 3', 'weight: 0')
    .replaceAll('weight: 1', 'weight: 0'),
  { outcome: 'directResponse', directResponse: { status: 500 } },
);
const consumer = `${shop}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: consumer, namespace: two}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, namespace: default, port: 80}]
  rules: [{backendRefs: [{name: ratings, port: 80}]}]
---`;
route(
  'a consumer HTTPRoute changes its own namespace',
  consumer,
  { clusters: [{ host: 'ratings.two.svc.cluster.local' }] },
  two,
);
route('a consumer HTTPRoute changes no other namespace', consumer, {
  clusters: [{ host: reviews }],
});

const betaRoute = (rule: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beta, namespace: default}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules: [${rule}]
---`;
const beta = `${shop}${betaRoute(
  '{matches: [{headers: [{name: x-beta, value: "on"}]}], backendRefs: [{name: ratings, namespace: two, port: 80}]}, {backendRefs: [{name: reviews, port: 80}]}',
)}
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: beta, namespace: two}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: "", kind: Service}]}
---`;
route(
  'a match without a path takes every path, as its default says',
  beta,
  { clusters: [{ host: 'ratings.two.svc.cluster.local' }] },
  { headers: { 'x-beta': 'on' }, path: '/x' },
);
route('an HTTPRoute rule without matches takes the rest', beta, {
  clusters: [{ host: reviews }],
});
route(
  'the objects of a List count',
  `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: reviews, namespace: default}, spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 8080}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: reviews-v1, namespace: default, labels: {app: reviews}}, spec: {containers: [{name: app}]}, status: {podIP: 10.1.0.1}}
---${pod('client', 'app: client', '10.1.0.9')}`,
  { clusters: [{ host: reviews, endpoints: ['10.1.0.1:8080'] }] },
);
