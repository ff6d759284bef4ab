import { collectFacts } from './fact';
import { dr, pa, pod, service, shop } from './worlds';

const { facts, mtls } = collectFacts();

/** What a server accepts and what a client sends. */
export const mtlsFacts = facts;

const mode = (value: string) => ({ server: [{ port: 8080, mode: value }] });

const sends = (...values: string[]) => ({
  client: { exists: true, endpoints: values.map(value => ({ sends: value })) },
});

const server = { server: { pod: 'reviews-v1' } };
mtls('default is PERMISSIVE', shop, mode('PERMISSIVE'), { ...server });
mtls(
  'namespace STRICT',
  shop + pa('p', '{mtls: {mode: STRICT}}'),
  { server: [{ mode: 'STRICT', plaintext: 'refused', mtls: 'accepted' }] },
  { ...server },
);
mtls(
  'namespace overrides mesh',
  shop +
    pa('mesh', '{mtls: {mode: STRICT}}', { ns: 'istio-system' }) +
    pa('ns', '{mtls: {mode: PERMISSIVE}}'),
  mode('PERMISSIVE'),
  { ...server },
);
mtls(
  'namespace UNSET inherits mesh STRICT',
  shop +
    pa('mesh', '{mtls: {mode: STRICT}}', { ns: 'istio-system' }) +
    pa('ns', '{mtls: {mode: UNSET}}'),
  mode('STRICT'),
  { ...server },
);
mtls(
  'root-namespace policy with a selector is ignored',
  shop +
    pa(
      'mesh',
      '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}',
      { ns: 'istio-system' },
    ),
  mode('PERMISSIVE'),
  { ...server },
);
mtls(
  'workload overrides namespace',
  shop +
    pa('ns', '{mtls: {mode: STRICT}}') +
    pa(
      'w',
      '{selector: {matchLabels: {version: v1}}, mtls: {mode: PERMISSIVE}}',
    ),
  mode('PERMISSIVE'),
  { ...server },
);
mtls(
  'port-level exception',
  shop +
    pa(
      'w',
      '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}',
    ),
  {
    server: [
      { port: 8080, mode: 'DISABLE' },
      { port: 9999, mode: 'STRICT' },
    ],
  },
  { ports: [8080, 9999], ...server },
);
mtls(
  'service port number does not count at port level',
  shop +
    pa(
      'w',
      '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {80: {mode: DISABLE}}}',
    ),
  mode('STRICT'),
  { ...server },
);
const oldNew = (first: string, second: string, third: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${first}, namespace: default, creationTimestamp: "${second}"}
spec: {mtls: {mode: ${third}}}
---`;
mtls(
  'the oldest of two namespace policies wins',
  shop +
    oldNew('a', '2026-02-02T00:00:00Z', 'STRICT') +
    oldNew('b', '2025-02-02T00:00:00Z', 'DISABLE'),
  mode('DISABLE'),
  { ...server },
);
mtls(
  'equal age: the first name wins',
  shop + pa('b', '{mtls: {mode: STRICT}}') + pa('a', '{mtls: {mode: DISABLE}}'),
  mode('DISABLE'),
  { ...server },
);
mtls(
  'a port left UNSET takes the resolved mode',
  shop +
    pa('ns', '{mtls: {mode: STRICT}}') +
    pa(
      'w',
      '{selector: {matchLabels: {app: reviews}}, portLevelMtls: {8080: {mode: UNSET}}}',
    ),
  mode('STRICT'),
  { ...server },
);
mtls(
  'mesh UNSET is PERMISSIVE',
  shop + pa('mesh', '{mtls: {mode: UNSET}}', { ns: 'istio-system' }),
  mode('PERMISSIVE'),
  { ...server },
);
const toReviews = { client: { pod: 'client' }, host: 'reviews', port: 80 };
mtls('auto mTLS to sidecars', shop, sends('mtls', 'mtls'), { ...toReviews });
mtls(
  'auto mTLS is per endpoint',
  service('reviews') +
    pod('a', 'app: reviews', '10.1.0.1') +
    pod('b', 'app: reviews', '10.1.0.2', { sidecar: false }) +
    pod('client', 'app: client', '10.1.0.9'),
  sends('mtls', 'plaintext'),
  { ...toReviews },
);
mtls(
  'auto mTLS follows a DISABLE server',
  shop + pa('p', '{mtls: {mode: DISABLE}}'),
  sends('plaintext', 'plaintext'),
  { ...toReviews },
);
mtls(
  'DestinationRule DISABLE beats auto mTLS',
  shop +
    pa('p', '{mtls: {mode: STRICT}}') +
    dr('d', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}'),
  sends('plaintext', 'plaintext'),
  { ...toReviews },
);
mtls(
  'DestinationRule SIMPLE',
  shop +
    dr(
      'd',
      '{host: reviews, trafficPolicy: {tls: {mode: SIMPLE, sni: s.example.com}}}',
    ),
  {
    client: {
      endpoints: [{ sends: 'tls', sni: 's.example.com' }, { sends: 'tls' }],
    },
  },
  { ...toReviews },
);
mtls(
  "auto mTLS follows one endpoint's port",
  shop +
    pa(
      'w',
      '{selector: {matchLabels: {version: v1}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}',
    ),
  sends('plaintext', 'mtls'),
  { ...toReviews },
);
mtls(
  'DestinationRule ISTIO_MUTUAL is sent even without a sidecar',
  service('reviews') +
    pod('a', 'app: reviews', '10.1.0.1', { sidecar: false }) +
    pod('client', 'app: client', '10.1.0.9') +
    dr('d', '{host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
  sends('mtls'),
  { ...toReviews },
);
mtls(
  "port-level tls replaces the rule's",
  shop +
    dr(
      'd',
      '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, tls: {mode: SIMPLE}}]}}',
    ),
  sends('tls', 'tls'),
  { ...toReviews },
);
mtls(
  "subset tls replaces the rule's",
  shop +
    dr(
      'd',
      '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]}',
    ),
  sends('mtls'),
  { subset: 'v1', ...toReviews },
);
mtls(
  "a subset without tls keeps the rule's",
  shop +
    dr(
      'd',
      '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]}',
    ),
  sends('plaintext'),
  { subset: 'v1', ...toReviews },
);
mtls('enableAutoMtls false', shop, sends('plaintext', 'plaintext'), {
  meshConfig: 'enableAutoMtls: false',
  ...toReviews,
});
