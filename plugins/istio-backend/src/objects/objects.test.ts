import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import {
  ObjectView,
  objectViewSchema,
} from '@istio-backstage/plugin-istio-common';
import {
  deployment,
  kubeObject,
  namespace,
  peerAuthentication,
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

function component(name: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'backstage.io/kubernetes-label-selector': `app=${name}`,
        'backstage.io/kubernetes-namespace': name,
      },
    },
    spec: { type: 'service', owner: 'team', lifecycle: 'production' },
  };
}

function objectsOf(name: string) {
  const labels = { app: name, version: 'v1' };
  return [
    namespace({ name }),
    ...deployment({ namespace: name, name: `${name}-v1`, labels }),
    service({ namespace: name, name }),
    peerAuthentication({
      namespace: name,
      name: 'default',
      spec: { mtls: { mode: 'STRICT' } },
    }),
  ];
}

const route = virtualService({
  namespace: 'reviews',
  name: 'reviews',
  spec: {
    hosts: ['reviews.example'],
    gateways: ['edge/public'],
    http: [{ route: [{ destination: { host: 'reviews' } }] }],
  },
});
route.metadata.annotations = {
  'kubectl.kubernetes.io/last-applied-configuration': '{}',
  'istio-portal.dev/changed-by': MIRA,
};
route.metadata.managedFields = [
  { manager: 'kubectl-edit', time: '2026-07-03T10:00:00Z', fieldsV1: {} },
];

jest.setTimeout(60_000);

describe('objects over HTTP', () => {
  const reader = new MemoryMeshReader({ now: () => Date.UTC(2026, 6, 14) });
  let backend: TestBackend;

  beforeAll(async () => {
    reader
      .addCluster('prod-eu', [
        ...objectsOf('reviews'),
        ...objectsOf('payments'),
        route,
        kubeObject('Gateway', { namespace: 'edge', name: 'public' }),
        kubeObject('Gateway', { namespace: 'edge', name: 'unused' }),
        kubeObject('ServiceAccount', { namespace: 'other', name: 'robot' }),
      ])
      .addCluster('prod-us', objectsOf('reviews'), {
        freshness: {
          PeerAuthentication: { state: 'stale', asOf: 0, error: 'timed out' },
        },
      });
    backend = await startIstioBackend({
      config: { istio: { ownership: { bindAll: true } } },
      entities: [component('reviews'), component('payments')],
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
      const { status } = await get(
        'cluster=prod-eu&apiVersion=v1&kind=Service&namespace=reviews&name=reviews',
      );
      if (status !== 200) throw new Error('no component yet');
    }, 10_000);
  });

  afterAll(() => backend?.stop());

  async function get(query: string, user = MIRA) {
    return request(backend.server)
      .get(`/api/istio/v1/objects?${query}`)
      .set('Authorization', mockCredentials.user.header(user));
  }

  async function read(query: string, user = MIRA): Promise<ObjectView> {
    const { body } = await get(query, user);
    return objectViewSchema.strict().parse(body);
  }

  const ROUTE =
    'cluster=prod-eu&apiVersion=networking.istio.io/v1beta1&kind=VirtualService&namespace=reviews&name=reviews';

  it('gives the object as the watch saw it, and who manages it', async () => {
    expect(await read(ROUTE)).toEqual({
      cluster: 'prod-eu',
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: {
          name: 'reviews',
          namespace: 'reviews',
          uid: route.metadata.uid,
          resourceVersion: '1',
          creationTimestamp: '2026-07-01T00:00:00Z',
          annotations: { 'istio-portal.dev/changed-by': MIRA },
        },
        spec: route.spec,
      },
      partial: false,
      createdAt: '2026-07-01T00:00:00Z',
      managedBy: [
        {
          who: `This portal for ${MIRA}`,
          from: 'annotation istio-portal.dev/changed-by',
        },
        {
          who: 'kubectl-edit',
          from: 'managed fields',
          at: '2026-07-03T10:00:00.000Z',
        },
      ],
      entityRefs: ['component:default/reviews'],
      asOf: '2026-07-14T00:00:00.000Z',
      state: 'fresh',
    });
  });

  it('says where the copy is old, and where it is not whole', async () => {
    expect(
      await read(
        'cluster=prod-us&apiVersion=security.istio.io/v1&kind=PeerAuthentication&namespace=reviews&name=default',
      ),
    ).toMatchObject({ state: 'stale', message: 'timed out' });
    expect(
      await read(
        'cluster=prod-eu&apiVersion=apps/v1&kind=Deployment&namespace=reviews&name=reviews-v1',
      ),
    ).toMatchObject({
      partial: true,
      entityRefs: ['component:default/reviews'],
    });
  });

  it.each<[string, string, string, number]>([
    ['a route of a component', ROUTE, MIRA, 200],
    ['a route of somebody else', ROUTE, VERA, 404],
    [
      'a gateway that a route names',
      'cluster=prod-eu&apiVersion=networking.istio.io/v1&kind=Gateway&namespace=edge&name=public',
      MIRA,
      200,
    ],
    [
      'a gateway that no route of theirs names',
      'cluster=prod-eu&apiVersion=networking.istio.io/v1&kind=Gateway&namespace=edge&name=unused',
      MIRA,
      404,
    ],
    [
      'the same for who may see everything',
      'cluster=prod-eu&apiVersion=networking.istio.io/v1&kind=Gateway&namespace=edge&name=unused',
      PAUL,
      200,
    ],
    [
      'an object of a namespace without components',
      'cluster=prod-eu&apiVersion=v1&kind=ServiceAccount&namespace=other&name=robot',
      MIRA,
      404,
    ],
    [
      'an object that does not exist',
      'cluster=prod-eu&apiVersion=v1&kind=Service&namespace=reviews&name=gone',
      PAUL,
      404,
    ],
    [
      'a kind of another group',
      'cluster=prod-eu&apiVersion=example.com/v1&kind=Service&namespace=reviews&name=reviews',
      PAUL,
      404,
    ],
    [
      'a Secret',
      'cluster=prod-eu&apiVersion=v1&kind=Secret&namespace=reviews&name=token',
      PAUL,
      404,
    ],
    [
      'a cluster that is not configured',
      'cluster=nowhere&apiVersion=v1&kind=Service&namespace=reviews&name=reviews',
      PAUL,
      404,
    ],
    [
      'a question without a name',
      'cluster=prod-eu&apiVersion=v1&kind=Service',
      PAUL,
      400,
    ],
  ])('answers for %s', async (_, query, user, status) => {
    expect((await get(query, user)).status).toBe(status);
  });

  it('does not tell a hidden object from a missing one', async () => {
    const hidden = await get(ROUTE, VERA);
    const missing = await get(ROUTE.replace('name=reviews', 'name=gone'), VERA);
    expect(hidden.body.error.message.replace(/reviews\/\w+/, '')).toBe(
      missing.body.error.message.replace(/reviews\/\w+/, ''),
    );
  });
});
