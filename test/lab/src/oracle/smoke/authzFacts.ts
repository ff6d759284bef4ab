import { collectFacts } from './fact';
import { ap, clientId, istio, pa, pod, service, shop } from './worlds';

const { facts, authz } = collectFacts();

/** Which requests a server lets in. */
export const authzFacts = facts;

const allowGet = ap('get', '{rules: [{to: [{operation: {methods: [GET]}}]}]}');
const denyAdmin = ap(
  'admin',
  '{action: DENY, rules: [{to: [{operation: {paths: [/admin*]}}]}]}',
);
authz('no policy allows', shop, { decision: 'allow', policies: [] });
authz('ALLOW matches', shop + allowGet, {
  decision: 'allow',
  policies: ['ns[default]-policy[get]-rule[0]'],
});
authz('ALLOW exists but does not match', shop + allowGet, {
  decision: 'deny',
  policies: [],
  method: 'POST',
});
authz('DENY before ALLOW', shop + allowGet + denyAdmin, {
  decision: 'deny',
  policies: ['ns[default]-policy[admin]-rule[0]'],
  path: '/admin/x',
});
authz('DENY alone lets others pass', shop + denyAdmin, {
  decision: 'allow',
  policies: [],
  path: '/shop',
});
authz('empty spec allows nothing', shop + ap('nothing', '{}'), {
  decision: 'deny',
});
authz('one empty rule allows all', shop + ap('all', '{rules: [{}]}'), {
  decision: 'allow',
});
authz(
  'DENY with one empty rule denies all',
  shop + ap('all', '{action: DENY, rules: [{}]}'),
  { decision: 'deny' },
);
authz(
  'policy for other workloads does not apply',
  shop + ap('nothing', '{selector: {matchLabels: {app: ratings}}}'),
  { decision: 'allow' },
);
authz(
  'root-namespace policy applies everywhere, selector included',
  shop +
    ap('nothing', '{selector: {matchLabels: {app: reviews}}}', {
      ns: 'istio-system',
    }),
  { decision: 'deny' },
);
const fromClient = ap(
  'caller',
  '{rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/client]}}]}]}',
);
authz('principal over mTLS', shop + fromClient, {
  decision: 'allow',
  principal: clientId,
});
authz('plaintext has no principal', shop + fromClient, { decision: 'deny' });
authz(
  'notPrincipals matches plaintext',
  shop +
    ap(
      'only',
      '{action: DENY, rules: [{from: [{source: {notPrincipals: [cluster.local/ns/default/sa/client]}}]}]}',
    ),
  { decision: 'deny' },
);
authz(
  'namespaces',
  shop + ap('ns', '{rules: [{from: [{source: {namespaces: [default]}}]}]}'),
  { decision: 'allow', principal: clientId },
);
authz(
  'STRICT refuses plaintext before any policy',
  shop + pa('p', '{mtls: {mode: STRICT}}'),
  { decision: 'refused' },
);
authz(
  'from and to are ANDed',
  shop +
    ap(
      'both',
      '{rules: [{from: [{source: {namespaces: [default]}}], to: [{operation: {methods: [POST]}}]}]}',
    ),
  { decision: 'deny', principal: clientId },
);
authz(
  'ports are container ports',
  shop + ap('p', "{rules: [{to: [{operation: {ports: ['80']}}]}]}"),
  { decision: 'deny' },
);
authz(
  'suffix path',
  shop + ap('p', "{rules: [{to: [{operation: {paths: ['*/info']}}]}]}"),
  { decision: 'allow', path: '/a/info?x=1' },
);
authz(
  'path template',
  shop + ap('p', "{rules: [{to: [{operation: {paths: ['/a/{*}/c']}}]}]}"),
  { decision: 'allow', path: '/a/b/c' },
);
authz(
  'path template spans one segment',
  shop + ap('p', "{rules: [{to: [{operation: {paths: ['/a/{*}/c']}}]}]}"),
  { decision: 'deny', path: '/a/b/b/c' },
);
authz(
  'ipBlocks',
  shop + ap('p', '{rules: [{from: [{source: {ipBlocks: [10.1.0.0/24]}}]}]}'),
  { decision: 'allow', sourceIp: '10.1.0.9' },
);
authz(
  'condition on a header',
  shop +
    ap(
      'p',
      "{rules: [{when: [{key: 'request.headers[x-token]', values: ['ab*']}]}]}",
    ),
  { decision: 'allow', headers: { 'X-Token': 'abc' } },
);
authz(
  'dry run decides nothing',
  `${shop}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: dry, namespace: default, annotations: {istio.io/dry-run: "true"}}
spec: {action: DENY, rules: [{}]}
---`,
  { decision: 'allow' },
);
authz(
  'sidecars ignore targetRefs',
  shop +
    ap(
      'p',
      "{targetRefs: [{group: '', kind: Service, name: reviews}], action: DENY, rules: [{}]}",
    ),
  { decision: 'allow' },
);
authz(
  "serviceAccounts in the policy's namespace",
  shop + ap('p', '{rules: [{from: [{source: {serviceAccounts: [client]}}]}]}'),
  { decision: 'allow', principal: clientId },
);
authz(
  'serviceAccounts of another namespace',
  shop +
    ap('p', '{rules: [{from: [{source: {serviceAccounts: [two/client]}}]}]}'),
  { decision: 'deny', principal: clientId },
);
authz(
  'principal suffix',
  shop +
    ap('p', "{rules: [{from: [{source: {principals: ['*/sa/client']}}]}]}"),
  { decision: 'allow', principal: clientId },
);
authz(
  'trustDomains',
  shop +
    ap('p', '{rules: [{from: [{source: {trustDomains: [cluster.local]}}]}]}'),
  { decision: 'allow', principal: clientId },
);
authz(
  'hosts ignore case',
  shop + ap('p', '{rules: [{to: [{operation: {hosts: [Reviews]}}]}]}'),
  { decision: 'allow' },
);
authz(
  'hosts do not ignore the port',
  shop + ap('p', '{rules: [{to: [{operation: {hosts: [reviews]}}]}]}'),
  { decision: 'deny', host: 'reviews:80' },
);
authz(
  'remoteIpBlocks see X-Forwarded-For',
  shop +
    ap('p', '{rules: [{from: [{source: {remoteIpBlocks: [1.2.3.4/32]}}]}]}'),
  { decision: 'allow', headers: { 'X-Forwarded-For': '9.9.9.9, 1.2.3.4' } },
);
const jwt =
  istio(
    'RequestAuthentication',
    'jwt',
    '{jwtRules: [{issuer: https://idp.example.com, jwks: \'{"keys": []}\'}]}',
    { group: 'security' },
  ) +
  ap(
    'jwt',
    "{rules: [{from: [{source: {requestPrincipals: ['https://idp.example.com/*']}}]}]}",
  );
authz('request principal', shop + jwt, {
  decision: 'allow',
  claims: { iss: 'https://idp.example.com', sub: 'bob' },
});
authz('no token, no request principal', shop + jwt, { decision: 'deny' });
authz(
  'claim in a list',
  shop +
    jwt +
    ap(
      'x',
      "{action: DENY, rules: [{when: [{key: 'request.auth.claims[groups]', values: [admin]}]}]}",
    ),
  {
    decision: 'deny',
    claims: {
      iss: 'https://idp.example.com',
      sub: 'bob',
      groups: ['dev', 'admin'],
    },
  },
);
authz(
  'scope is split at spaces',
  shop +
    jwt +
    ap(
      'x',
      "{action: DENY, rules: [{when: [{key: 'request.auth.claims[scope]', values: [write]}]}]}",
    ),
  {
    decision: 'deny',
    claims: { iss: 'https://idp.example.com', sub: 'bob', scope: 'read write' },
  },
);
authz('token of another issuer', shop + jwt, {
  decision: 'unauthorized',
  claims: { iss: 'https://evil.example.com', sub: 'bob' },
});
authz(
  'mTLS to a DISABLE port is no HTTP',
  shop + pa('p', '{mtls: {mode: DISABLE}}'),
  { decision: 'refused', principal: clientId },
);
authz(
  'CUSTOM waits for the provider',
  shop +
    ap(
      'ext',
      '{action: CUSTOM, provider: {name: gate}, rules: [{to: [{operation: {paths: [/x]}}]}]}',
    ),
  {
    decision: 'external',
    path: '/x',
    meshConfig:
      'extensionProviders: [{name: gate, envoyExtAuthzHttp: {service: ratings.two.svc.cluster.local, port: 80}}]',
  },
);
const tcp =
  shop +
  service('db', { port: 5432, portName: 'tcp', target: 5432 }) +
  pod('db', 'app: db', '10.1.0.5', { port: 5432, portName: 'tcp' });
const onDb = { server: { pod: 'db' }, port: 5432, protocol: 'tcp' };
authz('HTTP ALLOW rule on a TCP port never matches', tcp + allowGet, {
  decision: 'deny',
  ...onDb,
});
authz(
  'HTTP DENY rule on a TCP port keeps its L4 part',
  tcp +
    ap(
      'd',
      "{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ['5432']}}]}]}",
    ),
  { decision: 'deny', ...onDb },
);
