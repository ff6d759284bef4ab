import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { NOW, SMALL, smallWorld } from '../__fixtures__/smallWorld';

const MINUTE = 60_000;

const BY_VERSION =
  'sum by (destination_version,response_code,response_flags) (increase(istio_requests_total{reporter="source",source_app="web",destination_service_name=~"api.*|unknown"}[5m]))';

function object(kind: string, name: string, spec: object): KubeObject {
  const groups: Record<string, string> = {
    VirtualService: 'networking.istio.io/v1',
    DestinationRule: 'networking.istio.io/v1',
    HTTPRoute: 'gateway.networking.k8s.io/v1',
    PeerAuthentication: 'security.istio.io/v1',
    AuthorizationPolicy: 'security.istio.io/v1',
    Service: 'v1',
  };
  return {
    apiVersion: groups[kind],
    kind,
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: '2026-07-14T14:00:00Z',
    },
    spec: { ...spec },
  };
}

/** What web's requests to api come to, with other objects in the small world. */
function outcome(
  applied: KubeObject[],
  options: { yaml?: string; query?: string; removed?: string[] } = {},
): Record<string, number> {
  const world = smallWorld(options.yaml ?? SMALL);
  world.model.append({
    at: NOW,
    applied,
    removed: (options.removed ?? []).map(kind => world.find(kind, 'api')),
  });
  const counts = world.ask(options.query ?? BY_VERSION, NOW + 10 * MINUTE);
  const total = Object.values(counts).reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(
    Object.entries(counts)
      .filter(([, value]) => value > 0)
      .map(([key, value]) => [key, Math.round((value / total) * 10) / 10]),
  );
}

const toSubset = (subset: string, weight?: number) => ({
  destination: { host: 'api', subset },
  ...(weight === undefined ? {} : { weight }),
});

const virtualService = (http: object[]) =>
  object('VirtualService', 'api', { hosts: ['api'], http });

describe('routing of the traffic model', () => {
  it('spreads over ready pods without any route', () => {
    expect(outcome([], { removed: ['VirtualService'] })).toEqual({
      'v1,200,-': 0.7,
      'v2,200,-': 0.3,
    });
  });

  it('cuts off what takes longer than the timeout of the rule', () => {
    const rule = (timeout: string) =>
      virtualService([{ route: [toSubset('v1')], timeout }]);
    expect(outcome([rule('1ms')])).toMatchObject({ 'v1,504,UT': 1 });
    expect(outcome([rule('60s')])).toEqual({ 'v1,200,-': 1 });
  });

  it('takes the first rule that matches, and 404 NR when none does', () => {
    const beta = { headers: { 'x-beta': { exact: 'yes' } } };
    const yaml = SMALL.replace(
      'to: api.shop, port: 80 }\n  - name: batch',
      "to: api.shop, port: 80, requests: [{ share: 0.4, headers: { x-beta: 'yes' } }, { share: 0.6 }] }\n  - name: batch",
    );
    const rules = [{ match: [beta], route: [toSubset('v2')] }];
    expect(
      outcome([virtualService([...rules, { route: [toSubset('v1')] }])], {
        yaml,
      }),
    ).toEqual({ 'v1,200,-': 0.6, 'v2,200,-': 0.4 });
    expect(outcome([virtualService(rules)], { yaml })).toEqual({
      'unknown,404,NR': 0.6,
      'v2,200,-': 0.4,
    });
  });

  it('ignores the weight of a lone destination and drops weightless ones among several', () => {
    expect(outcome([virtualService([{ route: [toSubset('v2', 0)] }])])).toEqual(
      { 'v2,200,-': 1 },
    );
    expect(
      outcome([
        virtualService([{ route: [toSubset('v1', 30), toSubset('v2')] }]),
      ]),
    ).toEqual({ 'v1,200,-': 1 });
  });

  it('answers 503 NC for a subset nobody defines', () => {
    expect(outcome([virtualService([{ route: [toSubset('v9')] }])])).toEqual({
      'unknown,503,NC': 1,
    });
  });

  it('routes by an HTTPRoute of the Service, with default weights', () => {
    const service = (version: string) =>
      object('Service', `api-${version}`, {
        selector: { app: 'api', version },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      });
    const route = object('HTTPRoute', 'api', {
      parentRefs: [{ group: '', kind: 'Service', name: 'api', port: 80 }],
      rules: [
        {
          backendRefs: [
            { name: 'api-v1', port: 80 },
            { name: 'api-v2', port: 80 },
          ],
        },
      ],
    });
    expect(
      outcome([service('v1'), service('v2'), route], {
        removed: ['VirtualService'],
      }),
    ).toEqual({ 'v1,200,-': 0.5, 'v2,200,-': 0.5 });
  });

  it('fails where the client encrypts and the server does not listen for it', () => {
    const rule = object('DestinationRule', 'api', {
      host: 'api',
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
      subsets: ['v1', 'v2'].map(name => ({ name, labels: { version: name } })),
    });
    const policy = object('PeerAuthentication', 'default', {
      mtls: { mode: 'DISABLE' },
    });
    const counts = outcome([rule, policy]);
    expect(Object.keys(counts).every(key => key.endsWith(',503,UF'))).toBe(
      true,
    );
  });

  it('goes plaintext where a DestinationRule says so and the server accepts it', () => {
    const rule = object('DestinationRule', 'api', {
      host: 'api',
      trafficPolicy: { tls: { mode: 'DISABLE' } },
      subsets: ['v1', 'v2'].map(name => ({ name, labels: { version: name } })),
    });
    expect(
      outcome([rule], {
        query:
          'sum by (connection_security_policy) (increase(istio_requests_total{reporter="destination",destination_app="api",source_app="web"}[5m]))',
      }),
    ).toEqual({ none: 1 });
  });

  it.each([
    ['names the caller', { principals: ['cluster.local/ns/shop/sa/web'] }, {}],
    ['names its namespace', { namespaces: ['shop'] }, { paths: ['/*'] }],
  ])(
    'lets in whom an ALLOW policy names: %s, and answers 403 to who has no identity',
    (_, source, operation) => {
      const policy = object('AuthorizationPolicy', 'api', {
        rules: [{ from: [{ source }], to: [{ operation }] }],
      });
      const query =
        'sum by (source_app,response_code) (increase(istio_requests_total{reporter="destination",destination_app="api",source_app=~"web|batch|unknown"}[5m]))';
      const counts = outcome([policy], { query });
      expect(Object.keys(counts)).toContain('200,web');
      expect(Object.keys(counts).filter(key => !key.endsWith('web'))).toEqual([
        expect.stringMatching(/^403,/),
      ]);
    },
  );

  it('turns away by DENY before ALLOW, reported by both sides, and calls nothing further', () => {
    const rules = [{ from: [{ source: { namespaces: ['shop'] } }] }];
    const policies = ['ALLOW', 'DENY'].map(action =>
      object('AuthorizationPolicy', action.toLowerCase(), {
        selector: { matchLabels: { app: 'api' } },
        action,
        rules,
      }),
    );
    expect(
      outcome(policies, {
        query:
          'sum by (reporter,response_code) (increase(istio_requests_total{source_app="web",destination_app="api"}[5m]))',
      }),
    ).toEqual({ 'destination,403': 0.5, 'source,403': 0.5 });
    expect(
      outcome(policies, {
        query:
          'sum by (response_code) (increase(istio_requests_total{source_app="api",destination_app="store"}[5m]))',
      }),
    ).toEqual({});
  });

  it('does not enforce a policy on trial', () => {
    const policy = object('AuthorizationPolicy', 'api', {});
    policy.metadata.annotations = { 'istio.io/dry-run': 'true' };
    expect(outcome([policy])).toEqual(outcome([]));
  });

  it('counts a mirrored request at the server only', () => {
    const mirrored = {
      route: [toSubset('v1')],
      mirror: { host: 'api', subset: 'v2' },
    };
    const query =
      'sum by (reporter,destination_version) (increase(istio_requests_total{source_app="web"}[5m]))';
    expect(outcome([virtualService([mirrored])], { query })).toEqual({
      'v1,destination': 0.3,
      'v1,source': 0.3,
      'v2,destination': 0.3,
    });
  });
});
