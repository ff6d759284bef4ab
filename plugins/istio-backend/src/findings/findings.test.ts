import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  ComponentFindings,
  componentFindingsSchema,
  FindingList,
  findingListSchema,
  RULES,
  ruleListSchema,
} from '@istio-backstage/plugin-istio-common';
import {
  deployment,
  namespace,
  service,
  virtualService,
} from '@istio-backstage/plugin-istio-common/testUtils';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import {
  MemoryMeshReader,
  MemoryTelemetryProvider,
} from '@istio-backstage/plugin-istio-node/testUtils';
import request from 'supertest';
import { waitFor } from '../clusters/testing/waitFor';
import { startIstioBackend } from '../__testUtils__/startIstioBackend';

const MIRA = 'user:default/mira.kovac';
const PAUL = 'user:default/paul.adeyemi';
const VERA = 'user:default/vera.lind';

function component(name: string, ns: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'backstage.io/kubernetes-label-selector': `app=${name}`,
        'backstage.io/kubernetes-namespace': ns,
      },
    },
    spec: { type: 'service', owner: 'team', lifecycle: 'production' },
  };
}

function objectsOf(name: string, ns: string) {
  const labels = { app: name, version: 'v1' };
  return [
    namespace({ name: ns }),
    ...deployment({ namespace: ns, name: `${name}-v1`, labels }),
    service({
      namespace: ns,
      name,
      selector: { app: name },
      ports: [{ name: 'http', port: 9080 }],
    }),
  ];
}

function route(ns: string, name: string, gateways: string[]) {
  return virtualService({
    namespace: ns,
    name,
    spec: {
      hosts: [name],
      gateways,
      http: [{ route: [{ destination: { host: name } }] }],
    },
  });
}

/** What the mesh of this test is made to raise; the other rules have tests of their own. */
const isTested = ({ code }: { code: string }) =>
  code === 'ISB0101' || code === 'ISB0501';

jest.setTimeout(60_000);

describe('findings over HTTP', () => {
  const reader = new MemoryMeshReader();
  let backend: TestBackend;

  beforeAll(async () => {
    reader
      .addCluster('prod-eu', [
        ...objectsOf('reviews', 'catalog'),
        ...objectsOf('payments', 'payments'),
        route('catalog', 'reviews', ['gone']),
        route('payments', 'payments', ['mesh']),
        {
          apiVersion: 'security.istio.io/v1',
          kind: 'PeerAuthentication',
          metadata: { name: 'nobody', namespace: 'istio-system' },
          spec: { selector: { matchLabels: { app: 'x' } } },
        },
      ])
      .addCluster('prod-us', objectsOf('reviews', 'catalog'), {
        freshness: { Gateway: { state: 'failed', error: 'forbidden' } },
      })
      .setState('staging', 'unreachable', 'connection refused');
    backend = await startIstioBackend({
      config: { istio: { ownership: { bindAll: true } } },
      entities: [
        component('reviews', 'catalog'),
        component('payments', 'payments'),
      ],
      decide: ({ entityRef, userRef }) =>
        userRef !== VERA || entityRef === 'component:default/payments',
      seesAll: userRef => userRef === PAUL,
      ports: {
        reader,
        writer: {} as MeshWriter,
        telemetry: new MemoryTelemetryProvider(),
      },
    });
    await waitFor(async () => {
      const { items } = await list();
      if (!items.some(({ entityRefs }) => entityRefs.length > 0)) {
        throw new Error('no component yet');
      }
    }, 10_000);
  });

  afterAll(() => backend?.stop());

  async function get(path: string, user = MIRA) {
    return request(backend.server)
      .get(`/api/istio/v1${path}`)
      .set('Authorization', mockCredentials.user.header(user));
  }

  async function list(query = '', user = MIRA): Promise<FindingList> {
    const { body } = await get(`/findings${query}`, user);
    return findingListSchema.strict().parse(body);
  }

  async function ofComponent(name: string): Promise<ComponentFindings> {
    const { body } = await get(`/entities/component/default/${name}/findings`);
    return componentFindingsSchema.strict().parse(body);
  }

  it('tells of a component what concerns it, by cluster, and which rules could not be asked where', async () => {
    const answer = await ofComponent('reviews');
    expect(answer.findings.filter(isTested)).toEqual([
      expect.objectContaining({
        clusters: ['prod-eu'],
        code: 'ISB0101',
        severity: 'error',
        path: 'spec.gateways[0]',
        object: expect.objectContaining({ name: 'reviews' }),
      }),
    ]);
    expect(answer.rules).toBe(RULES.length);
    expect(answer.skipped).toContainEqual({
      cluster: 'prod-us',
      code: 'ISB0101',
      name: 'virtual-service-unknown-gateway',
      reason: 'Gateway could not be read: forbidden',
    });
    expect(answer.errors).toEqual([
      expect.objectContaining({ cluster: 'staging' }),
    ]);
    expect((await ofComponent('payments')).findings.filter(isTested)).toEqual(
      [],
    );
  });

  it('follows a change of the cluster', async () => {
    const found = async () =>
      (await ofComponent('payments')).findings.filter(isTested);
    reader.apply('prod-eu', route('payments', 'payments', ['missing']));
    expect(await found()).toHaveLength(1);
    reader.apply('prod-eu', route('payments', 'payments', ['mesh']));
    expect(await found()).toEqual([]);
  });

  it('lists the findings of the mesh with the components they concern', async () => {
    const { items, counts, facets, total, all } = await list('', PAUL);
    expect(
      items
        .filter(isTested)
        .map(({ code, entityRefs, ownerRefs }) => [
          code,
          ...entityRefs,
          ...ownerRefs,
        ]),
    ).toEqual([
      ['ISB0101', 'component:default/reviews', 'group:default/team'],
      ['ISB0501'],
    ]);
    expect(counts.error + counts.warning + counts.info).toBe(total);
    expect(all).toBe(total);
    expect(facets).toMatchObject({
      owners: ['group:default/team'],
      namespaces: expect.arrayContaining(['catalog', 'istio-system']),
      kinds: expect.arrayContaining(['PeerAuthentication', 'VirtualService']),
      codes: expect.arrayContaining(['ISB0101', 'ISB0501']),
    });
  });

  it.each<[string, string[]]>([
    ['severity=warning', ['ISB0501']],
    ['owner=group:default/team', ['ISB0101']],
    ['kind=PeerAuthentication', ['ISB0501']],
    ['namespace=catalog', ['ISB0101']],
    ['search=reviews+gone', ['ISB0101']],
    ['code=ISB0501', ['ISB0501']],
    ['code=ISB9999', []],
    ['cluster=prod-us', []],
    ['sort=code', ['ISB0101', 'ISB0501']],
    ['sort=code&order=desc', ['ISB0501', 'ISB0101']],
    ['sort=object', ['ISB0101', 'ISB0501']],
  ])('filters and sorts: %s', async (query, codes) => {
    const { items, all } = await list(`?${query}`, PAUL);
    expect(items.filter(isTested).map(({ code }) => code)).toEqual(codes);
    expect(all).toBe((await list('', PAUL)).all);
  });

  it('gives a page of it, counted in full', async () => {
    const { items, total } = await list('?limit=1&offset=1', PAUL);
    expect(items).toHaveLength(1);
    expect(total).toBeGreaterThan(1);
    expect((await list('?limit=1', PAUL)).items[0]).not.toEqual(items[0]);
  });

  it('explains every rule', async () => {
    const { body } = await get('/rules');
    const { items } = ruleListSchema.strict().parse(body);
    expect(items).toHaveLength(RULES.length);
    expect(items).toContainEqual(
      expect.objectContaining({ code: 'ISB0101', severity: 'error' }),
    );
    expect(items.every(one => one.explanation && one.remedy)).toBe(true);
  });

  it('shows nobody more than their components, and refuses what they may not see', async () => {
    const codes = async (user: string) =>
      (await list('', user)).items.filter(isTested).map(({ code }) => code);
    expect(await codes(VERA)).toEqual([]);
    expect(await codes(MIRA)).toEqual(['ISB0101']);
    const { status } = await get(
      '/entities/component/default/reviews/findings',
      VERA,
    );
    expect(status).toBe(403);
  });

  it('says what a wrong parameter may be', async () => {
    const { status, body } = await get('/findings?severity=bad');
    expect(status).toBe(400);
    expect(body.error.message).toContain('severity');
  });
});
