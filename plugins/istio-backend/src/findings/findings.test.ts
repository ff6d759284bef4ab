import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  ComponentFindings,
  componentFindingsSchema,
  FindingList,
  findingListSchema,
  RULES,
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
    expect(answer.findings).toEqual([
      expect.objectContaining({
        cluster: 'prod-eu',
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
    expect((await ofComponent('payments')).findings).toEqual([]);
  });

  it('follows a change of the cluster', async () => {
    reader.apply('prod-eu', route('payments', 'payments', ['missing']));
    expect((await ofComponent('payments')).findings).toHaveLength(1);
    reader.apply('prod-eu', route('payments', 'payments', ['mesh']));
    expect((await ofComponent('payments')).findings).toEqual([]);
  });

  it('lists the findings of the mesh with the components they concern', async () => {
    const { items, counts, facets } = await list('', PAUL);
    expect(items.map(({ code, entityRefs }) => [code, ...entityRefs])).toEqual([
      ['ISB0101', 'component:default/reviews'],
      ['ISB0501'],
    ]);
    expect(counts).toEqual({ error: 1, warning: 1, info: 0 });
    expect(facets.namespaces).toEqual(['catalog', 'istio-system']);
    expect((await list('?severity=warning', PAUL)).total).toBe(1);
    expect((await list('?search=reviews', PAUL)).items).toHaveLength(1);
    expect((await list('?code=ISB0701', PAUL)).items).toEqual([]);
    expect((await list('?cluster=prod-us', PAUL)).items).toEqual([]);
  });

  it('shows nobody more than their components, and refuses what they may not see', async () => {
    expect((await list('', VERA)).items).toEqual([]);
    expect((await list('', MIRA)).items.map(({ code }) => code)).toEqual([
      'ISB0101',
    ]);
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
