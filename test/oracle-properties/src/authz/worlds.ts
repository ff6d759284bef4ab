import * as fc from 'fast-check';
import {
  AuthorizationRequest,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { service } from '@istio-backstage/plugin-istio-common/testUtils';
import { aged, meshPod } from '../world/objects';
import { World } from '../world/World';
import { policySpec } from './policies';

const pick = <T>(...values: T[]) => fc.constantFrom(...values);

/** One call, in the core's terms; the server is a pod. */
export type AuthzQuestion = AuthorizationRequest;

const SERVERS = [
  { name: 'api-1', labels: { app: 'api', version: 'v1' }, ip: '10.1.0.1' },
  { name: 'api-2', labels: { app: 'api', version: 'v2' }, ip: '10.1.0.2' },
  { name: 'db-1', labels: { app: 'db' }, ip: '10.1.0.3' },
] as const;

const pods = SERVERS.map(server =>
  meshPod({
    namespace: 'shop',
    name: server.name,
    labels: server.labels,
    ip: server.ip,
    sidecar: true,
    ports: [
      { name: 'web', containerPort: 8080 },
      { name: 'raw', containerPort: 9000 },
    ],
  }),
);

/** Services declare the same port in several ways; the oldest counts. */
const services: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      name: pick('api', 'api-x', 'db', 'all'),
      portName: pick('http', 'tcp-raw', 'x', 'grpc', 'tls', 'https-a'),
      port: pick(80, 3306),
      targetPort: pick<number | string>(8080, 'web', 9000, 'raw'),
      day: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 3 },
  )
  .map(list =>
    [...new Map(list.map(item => [item.name, item])).values()].map(item => {
      const object = service({
        namespace: 'shop',
        name: item.name,
        selector: {
          app: item.name === 'db' ? 'db' : 'api',
        },
        ports: [
          { name: item.portName, port: item.port, targetPort: item.targetPort },
        ],
      });
      return {
        ...object,
        metadata: {
          ...object.metadata,
          creationTimestamp: `2026-01-0${item.day}T00:00:00Z`,
        },
      };
    }),
  );

const mode = pick('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const peerAuthentications = fc.array(
  fc
    .record({
      namespace: pick('shop', 'shop', 'istio-system'),
      day: fc.integer({ min: 1, max: 3 }),
      spec: fc.oneof(
        fc.record({ mtls: fc.record({ mode }) }),
        fc.record({
          selector: pick(
            { matchLabels: { app: 'api' } },
            { matchLabels: { app: 'db' } },
          ),
          mtls: fc.record({ mode }),
          portLevelMtls: fc.dictionary(
            pick('8080', '9000'),
            fc.record({ mode }),
            { minKeys: 1, maxKeys: 2 },
          ),
        }),
      ),
    })
    .map(({ namespace, day, spec }) => ({ namespace, day, spec })),
  { maxLength: 2 },
);

const jwtRule = fc.record(
  {
    issuer: pick(
      'https://idp.example',
      'https://idp.example',
      'https://other.example',
    ),
    jwks: fc.constant('{"keys":[]}'),
    audiences: pick(['app'], ['other', 'app'], ['other']),
  },
  { requiredKeys: ['issuer', 'jwks'] },
);
const requestAuthentications = fc.array(
  fc.record({
    namespace: pick('shop', 'shop', 'istio-system', 'ops'),
    day: fc.integer({ min: 1, max: 3 }),
    spec: fc.record(
      {
        jwtRules: fc.array(jwtRule, { minLength: 1, maxLength: 2 }),
        selector: pick(
          { matchLabels: { app: 'api' } },
          { matchLabels: { app: 'db' } },
        ),
      },
      { requiredKeys: ['jwtRules'] },
    ),
  }),
  { maxLength: 2 },
);

const authorizationPolicies = fc.array(
  fc.record({
    namespace: pick('shop', 'shop', 'shop', 'istio-system', 'ops'),
    day: fc.integer({ min: 1, max: 3 }),
    policy: policySpec,
  }),
  { minLength: 1, maxLength: 4 },
);

const sidecars = fc.array(
  fc.record({
    day: fc.integer({ min: 1, max: 3 }),
    labels: pick({ app: 'api' }, { app: 'db' }),
    port: pick(8080, 9000),
    protocol: pick('HTTP', 'TCP', 'GRPC', 'TLS'),
  }),
  { maxLength: 1 },
);

const meshConfig = fc.record({
  trustDomain: pick('cluster.local', 'cluster.local', 'td1'),
  trustDomainAliases: pick<string[]>([], [], ['td2'], ['new-td', 'old-td']),
  extensionProviders: fc.constant([
    {
      name: 'gate',
      envoyExtAuthzHttp: { service: 'authz.ops.svc.cluster.local', port: 80 },
    },
    {
      name: 'rpc',
      envoyExtAuthzGrpc: {
        service: 'ops/authz.ops.svc.cluster.local',
        port: 80,
      },
    },
    {
      name: 'lost',
      envoyExtAuthzHttp: { service: 'nobody.example', port: 80 },
    },
  ]),
});

const world: fc.Arbitrary<World> = fc
  .record({
    services,
    peerAuthentications,
    requestAuthentications,
    authorizationPolicies,
    sidecars,
    meshConfig,
  })
  .map(parts => ({
    meshConfig: parts.meshConfig,
    objects: [
      ...pods,
      service({
        namespace: 'ops',
        name: 'authz',
        ports: [{ name: 'http', port: 80 }],
      }),
      ...parts.services,
      ...parts.peerAuthentications.map(({ namespace, day, spec }, index) =>
        aged(
          'PeerAuthentication',
          { namespace, day, name: `pa-${index}` },
          namespace === 'istio-system' && 'selector' in spec
            ? { mtls: spec.mtls }
            : spec,
        ),
      ),
      ...parts.requestAuthentications.map(({ namespace, day, spec }, index) =>
        aged(
          'RequestAuthentication',
          { namespace, day, name: `ra-${index}` },
          spec,
        ),
      ),
      ...parts.authorizationPolicies.map(({ namespace, day, policy }, index) =>
        aged(
          'AuthorizationPolicy',
          {
            namespace,
            day,
            name: `ap-${index}`,
            ...(Object.keys(policy.annotations).length > 0
              ? { annotations: policy.annotations }
              : {}),
          },
          policy.spec,
        ),
      ),
      ...parts.sidecars.map(({ day, labels, port, protocol }, index) =>
        aged(
          'Sidecar',
          { namespace: 'shop', day, name: `sidecar-${index}` },
          {
            workloadSelector: { labels },
            ingress: [
              {
                port: { number: port, protocol, name: 'in' },
                defaultEndpoint: `127.0.0.1:${port}`,
              },
            ],
          },
        ),
      ),
    ],
  }));

const claims = fc.record(
  {
    iss: pick(
      'https://idp.example',
      'https://idp.example',
      'https://evil.example',
    ),
    sub: pick('alice', 'bob'),
    aud: pick<string | string[]>('app', ['x', 'app'], 'other'),
    azp: pick('cli'),
    group: pick<string | string[]>('admin', ['dev', 'admin'], 'dev'),
    scope: pick('read write', 'read'),
    realm: pick<unknown>({ role: 'boss' }, { role: ['x', 'boss'] }, 'boss'),
    level: pick<unknown>(7, '7', true),
  },
  { requiredKeys: ['iss', 'sub'] },
);

const question: fc.Arbitrary<AuthzQuestion> = fc
  .record({
    server: pick(...SERVERS.map(({ name }) => name)),
    port: pick(8080, 8080, 9000, 7777),
    principal: pick(
      undefined,
      'cluster.local/ns/shop/sa/web',
      'cluster.local/ns/shop/sa/web',
      'cluster.local/ns/ops/sa/web',
      'td1/ns/shop/sa/web',
      'td2/ns/shop/sa/api',
      'new-td/ns/shop/sa/web',
    ),
    ip: pick('10.1.0.9', '10.2.0.1', '192.0.2.7', '2001:db8::7'),
    forwarded: pick(undefined, undefined, '192.0.2.1', '10.1.0.5, 192.0.2.9'),
    protocol: pick('http', 'http', 'http', 'tcp'),
    method: pick('GET', 'POST', 'PUT'),
    path: pick('/', '/a', '/a/b', '/a/b/c', '/x/b/c/d', '/a/info?x=1', '/info'),
    host: pick('api', 'api:80', 'API.shop', 'x.example'),
    team: pick(undefined, 'red', 'blue', ''),
    claims: fc.option(claims, { nil: undefined }),
    sni: pick('outbound_.80_._.api.shop.svc.cluster.local', 'api'),
  })
  .map(parts => {
    const tcp = parts.protocol === 'tcp';
    return {
      from: {
        ip: parts.ip,
        ...(parts.principal ? { principal: parts.principal } : {}),
      },
      to: {
        workload: { kind: 'Pod', namespace: 'shop', name: parts.server },
        port: parts.port,
      },
      protocol: tcp ? 'tcp' : 'http',
      ...(parts.principal ? { sni: parts.sni } : {}),
      ...(tcp
        ? {}
        : {
            method: parts.method,
            path: parts.path,
            host: parts.host,
            headers: {
              ...(parts.team === undefined ? {} : { 'x-team': parts.team }),
              ...(parts.forwarded
                ? { 'X-Forwarded-For': parts.forwarded }
                : {}),
            },
            ...(parts.claims ? { token: { claims: parts.claims } } : {}),
          }),
    } satisfies AuthzQuestion;
  });

/** Worlds with their questions. */
export const authzWorlds = fc.record({
  world,
  questions: fc.array(question, { minLength: 12, maxLength: 12 }),
});
