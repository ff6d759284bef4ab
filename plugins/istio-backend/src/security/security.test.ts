import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import {
  AuthorizationResponse,
  authorizationResponseSchema,
  ComponentSecurity,
  componentSecuritySchema,
  NamespaceReadiness,
  meshPostureSchema,
  namespaceReadinessSchema,
} from '@istio-backstage/plugin-istio-common';
import { RunningSandbox, startSandbox } from '@istio-backstage/sandbox';
import request from 'supertest';
import { waitFor } from '../clusters/testing/waitFor';
import { groupsOf, loadDemoCatalog } from '../__testUtils__/loadDemoCatalog';
import { startIstioBackend } from '../__testUtils__/startIstioBackend';

const JONAS = 'user:default/jonas.weber';
const VERA = 'user:default/vera.lind';

jest.setTimeout(60_000);

describe('security of a component, over the sandbox', () => {
  const entities = loadDemoCatalog();
  let sandbox: RunningSandbox;
  let backend: TestBackend;

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0 });
    backend = await startIstioBackend({
      entities,
      groupsOf: user => groupsOf(entities, user),
      // Vera sees payments and nothing else.
      decide: ({ entityRef, userRef }) =>
        userRef !== VERA || entityRef === 'component:default/payments',
      config: configFor(),
    });
    await waitFor(async () => {
      const { body } = await ask('/v1/components?limit=200');
      const fresh = body.clusters.every(
        ({ state }: { state: string }) => state === 'fresh',
      );
      if (!fresh || body.total < 10) throw new Error('not read yet');
    }, 20_000);
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.close();
  });

  function configFor() {
    const { clusters } = sandbox;
    return {
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: clusters.map(({ name, url }) => ({
              name,
              url,
              authProvider: 'serviceAccount',
              serviceAccountToken: 'sandbox-portal',
            })),
          },
        ],
      },
      istio: {
        clusters: clusters.map(({ name, prometheusUrl }) => ({
          name,
          prometheus: { url: prometheusUrl, scrapeIntervalSeconds: 5 },
        })),
        ownership: { bindAll: true },
        impersonation: { user: '{name}', groups: '{name}' },
        metrics: { cacheSeconds: 1 },
      },
    };
  }

  function ask(path: string, user = JONAS) {
    return request(backend.server)
      .get(`/api/istio${path}`)
      .set('Authorization', mockCredentials.user.header(user));
  }

  async function security(
    name: string,
    query = '?over=6h',
    user = JONAS,
  ): Promise<ComponentSecurity> {
    const path = `/v1/entities/component/default/${name}/security${query}`;
    const { body } = await ask(path, user);
    expect(body).not.toHaveProperty('error');
    return componentSecuritySchema.strict().parse(body);
  }

  async function namespaces(
    name: string,
    user = JONAS,
  ): Promise<NamespaceReadiness> {
    const path = `/v1/entities/component/default/${name}/security/namespaces?over=6h`;
    return namespaceReadinessSchema
      .strict()
      .parse((await ask(path, user)).body);
  }

  async function mayCall(
    query: Record<string, string>,
    user = JONAS,
  ): Promise<AuthorizationResponse> {
    const path = '/v1/entities/component/default/payments/authorization';
    const { body } = await ask(`${path}?${new URLSearchParams(query)}`, user);
    return authorizationResponseSchema.strict().parse(body);
  }

  it('tells who would break if payments went strict, whose they are and how to fix each', async () => {
    const { readiness } = await security('payments');
    expect(readiness).toMatchObject({
      verdict: 'notReady',
      sentence: expect.stringMatching(/^Not ready: 3 callers would break\./),
    });
    const breaking = (name: string) =>
      readiness?.breaks.find(({ workload }) => workload === name);
    expect(breaking('catalog-v1')).toMatchObject({
      cause: 'destinationRule',
      ownerRef: 'group:default/catalog-team',
      entityRef: 'component:default/catalog',
      fix: expect.stringContaining('DestinationRule catalog/payments-plain'),
      decidedBy: [{ fieldPath: 'spec.trafficPolicy.tls.mode' }],
      lastSeenWithinSeconds: 300,
    });
    expect(breaking('legacy-billing')).toMatchObject({
      cause: 'noProxy',
      entityRef: 'component:default/legacy-billing',
      ownerRef: 'group:default/payments-team',
      fix: expect.stringContaining('Add namespace legacy to the mesh'),
    });
    for (const { ports, perSecond } of readiness?.breaks ?? []) {
      expect(ports).toEqual([8080]);
      expect(perSecond).toBeGreaterThan(0);
    }
  });

  it('lists who calls, by identity and encryption, with the rule that lets it in', async () => {
    const { access } = await security('payments');
    const caller = (workload: string) =>
      access?.callers.find(one => one.workload === workload);
    expect(caller('checkout')).toMatchObject({
      principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
      ownerRef: 'group:default/storefront-team',
      plaintext: 0,
      access: 'always',
      decidedBy: expect.arrayContaining([
        expect.objectContaining({ fieldPath: 'spec.rules[0]' }),
      ]),
    });
    expect(caller('legacy-billing')).toMatchObject({
      encrypted: 0,
      access: 'sometimes',
      dependsOn: ['request path'],
    });
    expect(access?.policies).toMatchObject([
      {
        object: { name: 'allow-callers' },
        rules: [
          { usedBy: expect.arrayContaining(['storefront/checkout']) },
          { byAddress: true, what: ['/plans* or /callbacks*'] },
        ],
      },
    ]);
    expect(access?.unusedGrants).toEqual({ known: true, grants: [] });
  });

  it('says of a strict namespace that it is, and of one in part what keeps it open', async () => {
    expect((await security('reviews')).readiness).toMatchObject({
      verdict: 'strict',
    });
    const { items } = await namespaces('catalog');
    expect(items).toMatchObject([
      {
        namespace: 'catalog',
        readiness: {
          verdict: 'strict',
          openPorts: expect.arrayContaining([
            expect.objectContaining({
              mode: 'PERMISSIVE',
              decidedBy: expect.objectContaining({
                object: expect.objectContaining({ name: 'catalog' }),
              }),
            }),
          ]),
        },
      },
    ]);
  });

  it('answers whether a namespace can go strict', async () => {
    const { items } = await namespaces('fraud-check');
    expect(items).toMatchObject([
      { namespace: 'payments', readiness: { verdict: expect.any(String) } },
    ]);
    // The policy of payments stays as it is, so nobody who calls payments breaks.
    expect(items[0].readiness.breaks).toEqual([]);
    expect(items[0].readiness.openPorts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ port: 8080, mode: 'PERMISSIVE' }),
      ]),
    );
  });

  it('answers whether A may call B, with the deciding policy', async () => {
    expect(
      await mayCall({
        from: 'catalog/ratings',
        method: 'POST',
        path: '/charges',
      }),
    ).toMatchObject({
      decision: 'deny',
      port: 8080,
      caller: { principal: 'cluster.local/ns/catalog/sa/ratings' },
      answers: [
        {
          decidedBy: [
            { object: { namespace: 'payments', name: 'allow-callers' } },
          ],
          considered: [{ action: 'ALLOW', outcome: 'doesNotMatch' }],
        },
      ],
    });
    expect(
      await mayCall({ from: 'storefront/checkout', path: '/charges' }),
    ).toMatchObject({ decision: 'allow' });
    expect(await mayCall({ fromIp: '10.20.0.9' })).toMatchObject({
      decision: 'unknown',
      answers: [{ missing: ['request path'] }],
    });
  });

  it('refuses a question that cannot be read, and names the field', async () => {
    const path = '/v1/entities/component/default/payments/authorization';
    const problems = async (query: string) => {
      const { status, body } = await ask(`${path}?${query}`);
      return [status, body.error.message];
    };
    expect(await problems('')).toEqual([
      400,
      'from: give one of from and fromIp',
    ]);
    expect(await problems('from=checkout')).toEqual([
      400,
      'from: must look like namespace/name',
    ]);
    expect(await problems('from=a/b&headers=nonsense')).toEqual([
      400,
      expect.stringMatching(/^headers: /),
    ]);
    expect(await problems('from=a/b&claims=[]')).toEqual([
      400,
      expect.stringMatching(/^claims: /),
    ]);
    expect(
      (await ask('/v1/entities/component/default/payments/security?over=9d'))
        .status,
    ).toBe(400);
  });

  it('is for who may see the component', async () => {
    const path = '/v1/entities/component/default';
    for (const view of ['security', 'security/namespaces', 'authorization']) {
      const { status } = await ask(`${path}/reviews/${view}?from=a/b`, VERA);
      expect([view, status]).toEqual([view, 403]);
    }
  });

  it('tells of components that a person may not see no more than name and rate', async () => {
    const { readiness, access, askable } = await security(
      'payments',
      '?over=6h',
      VERA,
    );
    expect(readiness?.breaks).toHaveLength(9);
    for (const caller of readiness?.breaks ?? []) {
      expect(caller).toMatchObject({ cause: 'unknown', decidedBy: [] });
      expect(caller.workload).toEqual(expect.any(String));
      expect(caller.perSecond).toBeGreaterThan(0);
      expect(caller.entityRef).toBeUndefined();
      expect(JSON.stringify(caller)).not.toContain('payments-plain');
    }
    expect(access?.callers.map(caller => caller.ownerRef)).toEqual(
      access?.callers.map(() => undefined),
    );
    expect(new Set(askable.map(({ entityRef }) => entityRef))).toEqual(
      new Set(['component:default/payments']),
    );
    const [visible] = (
      await mayCall({ from: 'catalog/catalog-v1', port: '9443' })
    ).answers;
    const [hidden] = (
      await mayCall({ from: 'catalog/catalog-v1', port: '9443' }, VERA)
    ).answers;
    expect(visible.decision).toBe('refused');
    expect(JSON.stringify(visible.decidedBy)).toContain('payments-plain');
    expect(hidden.decision).toBe('refused');
    expect(JSON.stringify(hidden.decidedBy)).not.toContain('payments-plain');
  });

  it('teaches where nothing matches, and answers nothing', async () => {
    const answer = await security('brand-site');
    expect(answer.match.empty?.fix).toContain('backstage.io');
    expect(answer.readiness).toBeUndefined();
    expect(answer.access).toBeUndefined();
  });

  it('tells of each namespace whether it can go STRICT, to each person of what they may see', async () => {
    const read = async (query: string, user?: string) => {
      const { body } = await ask(`/v1/posture${query}`, user);
      return meshPostureSchema.strict().parse(body);
    };
    const { items, total, all, clusters } = await read('?over=6h&search=PAY');
    expect({ total, all, clusters: clusters.length }).toEqual({
      total: 1,
      all: 6,
      clusters: 3,
    });
    const [payments] = items;
    expect(payments).toMatchObject({
      namespace: 'payments',
      clusters: ['prod-eu', 'prod-us', 'staging'],
    });
    expect(payments.entityRefs).toContain('component:default/payments');
    expect(payments.entityRefs.length).toBeGreaterThan(1);
    const own = await namespaces('payments');
    expect(payments.readiness.sentence).toBe(own.items[0].readiness.sentence);
    expect(payments.readiness.openPorts).not.toHaveLength(0);

    const fifth = await read('?over=6h&offset=4&limit=1');
    expect(fifth.items.map(({ namespace }) => namespace)).toEqual(['payments']);
    expect(fifth.total).toBe(6);

    const few = await read('?over=6h', VERA);
    expect(few.items.map(({ namespace }) => namespace)).toEqual(['payments']);
    expect(few.items[0].entityRefs).toEqual(['component:default/payments']);
    expect(few.all).toBe(1);
  });
});
