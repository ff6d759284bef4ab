import { mockCredentials, TestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  API_ROUTES,
  type ApiRoute,
} from '@istio-backstage/plugin-istio-common';
import {
  deployment,
  namespace,
  service,
  virtualService,
} from '@istio-backstage/plugin-istio-common/testUtils';
import {
  MemoryMeshReader,
  MemoryTelemetryProvider,
} from '@istio-backstage/plugin-istio-node/testUtils';
import request from 'supertest';
import { z } from 'zod';
import { shiftReviews } from './changes/__testUtils__/shiftReviews';
import { waitFor } from './clusters/testing/waitFor';
import { startIstioBackend } from './__testUtils__/startIstioBackend';

jest.setTimeout(60_000);

type RouteName = keyof typeof API_ROUTES;

/** What a route needs to be asked as far as its guards; a new route has no row and does not compile. */
interface Sample {
  query?: Record<string, string>;
  body?: Record<string, unknown>;
}

const OWNER = 'user:default/mira.kovac';
const OTHER = 'user:default/vera.lind';
const REF = 'component:default/reviews';
/** Of the other person's team, whose annotations name the namespace of `reviews`. */
const INTRUDER = 'component:default/intruder';
/** Stands in what only readers of the component may see. */
const SECRET = 'only-for-readers-of-reviews';
const HASH = 'a'.repeat(64);
const INTENT = shiftReviews([70, 30, 0]);
const REASON = { reason: 'Not mine to do' };
const FROM_TO = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2036-01-01T00:00:00.000Z',
};

const SAMPLES: Record<RouteName, Sample> = {
  listClusters: {},
  getComponentMesh: {},
  getGoldenSignals: {},
  getFindings: {},
  getSecurity: {},
  getNamespaceReadiness: {},
  askAuthorization: { query: { from: 'catalog/default', port: '9080' } },
  getResilience: {},
  getExposure: {},
  askRequest: {
    body: {
      cluster: 'prod-eu',
      from: { kind: 'workload', namespace: 'catalog' },
      host: 'reviews.catalog',
      port: 9080,
    },
  },
  getEntityAccess: {},
  listComponents: {},
  listFindings: {},
  getPosture: {},
  listRules: {},
  getObject: {
    query: {
      cluster: 'prod-eu',
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: 'catalog',
      name: 'reviews',
    },
  },
  previewChange: { body: { entityRef: REF, intent: INTENT } },
  submitChange: {
    body: { entityRef: REF, intent: INTENT, planHash: HASH, ...REASON },
  },
  listChanges: {},
  getChange: {},
  previewRevert: { body: {} },
  revertChange: { body: { planHash: HASH, ...REASON } },
  listApprovals: {},
  approveChange: { body: { approvalHash: HASH } },
  declineChange: { body: REASON },
  cancelChange: { body: REASON },
  adoptChange: { body: REASON },
  reviewChange: { body: { verdict: 'accepted', ...REASON } },
  finishChange: { body: REASON },
  resolveChange: { body: { found: 'inForce', ...REASON } },
  listAuditEntries: {},
  redactAuditEntry: {
    body: { approvedBy: 'user:default/paul.adeyemi', ...REASON },
  },
  verifyAuditLog: {},
  getAuditCoverage: {},
  makeEvidencePack: { query: FROM_TO },
  exportAuditLog: { query: { format: 'ndjson', ...FROM_TO } },
  subscribe: {},
  getOpenApi: {},
};

const ROUTES = (Object.entries(API_ROUTES) as [RouteName, ApiRoute][]).map(
  ([name, route]) => ({ name, ...route }),
);

/** Both claim the same workloads. */
function component(name: string, team: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'backstage.io/kubernetes-label-selector': 'app=reviews',
        'backstage.io/kubernetes-namespace': 'catalog',
      },
    },
    spec: { type: 'service', owner: team, lifecycle: 'production' },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${team}` }],
  };
}

function shop() {
  return [
    namespace({ name: 'catalog', injected: true }),
    service({ namespace: 'catalog', name: 'reviews' }),
    ...['v1', 'v2'].flatMap(version =>
      deployment({
        namespace: 'catalog',
        name: `reviews-${version}`,
        labels: { app: 'reviews', version },
      }),
    ),
    virtualService({
      namespace: 'catalog',
      name: 'reviews',
      metadata: {
        uid: 'u-1',
        resourceVersion: '7',
        annotations: { note: SECRET },
      },
      spec: {
        hosts: ['reviews'],
        http: [
          {
            route: ['v1', 'v2', 'v3'].map((subset, index) => ({
              destination: { host: 'reviews', subset },
              weight: [80, 20, 0][index],
            })),
          },
        ],
      },
    }),
  ];
}

/** The sample, asked for the component of the other team wherever it names one. */
function asIntruder(name: RouteName): Sample {
  const { query, body } = SAMPLES[name];
  const { query: schema }: ApiRoute = API_ROUTES[name];
  const asksFor = schema instanceof z.ZodObject ? schema.shape : {};
  return {
    query: {
      ...query,
      ...('entityRef' in asksFor ? { entityRef: INTRUDER } : {}),
    },
    body: body && {
      ...body,
      ...('entityRef' in body ? { entityRef: INTRUDER } : {}),
    },
  };
}

/** `GET /v1/x` of whatever Express serves, through all routers that are mounted in one another. */
function servedBy(handler: unknown): string[] {
  const { stack, _router: router } = handler as {
    stack?: { handle: unknown; route?: ServedRoute }[];
    _router?: unknown;
  };
  if (router) return servedBy(router);
  return (stack ?? []).flatMap(({ handle, route }) =>
    route
      ? Object.keys(route.methods).map(
          method => `${method.toUpperCase()} ${route.path}`,
        )
      : servedBy(handle),
  );
}

interface ServedRoute {
  path: string;
  methods: Record<string, boolean>;
}

describe('every route, for every role', () => {
  let backend: TestBackend;
  let changeId: string;
  /** The permission that the other person lacks. */
  let lacking: string | undefined;
  let isHidden = false;

  beforeAll(async () => {
    const reader = new MemoryMeshReader().addCluster('prod-eu', shop(), {
      istioVersion: '1.31.0',
    });
    backend = await startIstioBackend({
      entities: [
        component('reviews', 'catalog-team'),
        component('intruder', 'other-team'),
      ],
      config: {
        istio: {
          ownership: {
            bindAll: true,
            namespaces: { catalog: 'group:default/catalog-team' },
          },
        },
      },
      ports: {
        reader,
        telemetry: new MemoryTelemetryProvider().setTraffic('prod-eu', {}),
        writer: {
          write: async ({ object }) => ({
            outcome: 'denied',
            status: 403,
            message: `${SECRET} ${object.name}`,
            warnings: [],
          }),
          read: async ({ name }) =>
            reader
              .snapshot('prod-eu')
              ?.list('VirtualService')
              .find(({ metadata }) => metadata.name === name),
          authorizeWrite: async () => ({ allowed: true }),
          istioWebhookFor: async () => 'tookPart',
        },
      },
      isVisible: (ref, user) => user !== OTHER || !isHidden || ref === INTRUDER,
      decide: ({ permission, userRef }) =>
        userRef !== OTHER || permission !== lacking,
    });
    // A refused try is recorded with its reason: something there is to read.
    const tried = await send('submitChange', OWNER, {
      body: {
        entityRef: REF,
        intent: INTENT,
        planHash: HASH,
        reason: SECRET,
      },
    });
    const { body } = await send('listChanges', OWNER);
    if (!body.items?.length) {
      throw new Error(`nothing was recorded: ${JSON.stringify(tried.body)}`);
    }
    changeId = body.items[0].id;
    await waitFor(async () => {
      const { total } = (await send('listComponents', OWNER)).body;
      if (total !== 2) throw new Error(`the list has ${total} components`);
    });
  });

  afterAll(() => backend.stop());

  beforeEach(() => {
    lacking = undefined;
    isHidden = false;
  });

  function send(
    name: RouteName,
    user: string | undefined,
    sample: Sample = SAMPLES[name],
    componentName = 'reviews',
  ) {
    const { method, path } = API_ROUTES[name];
    const url = `/api/istio${path
      .replace(':kind', 'component')
      .replace(':namespace', 'default')
      .replace(':name', componentName)
      .replace(':id', changeId ?? 'x')
      .replace(':seq', '1')}`;
    const call =
      method === 'GET'
        ? request(backend.server).get(url)
        : request(backend.server).post(url);
    return call
      .query(sample.query ?? {})
      .set(
        'Authorization',
        user
          ? mockCredentials.user.header(user)
          : mockCredentials.none.header(),
      )
      .send(method === 'GET' ? undefined : sample.body ?? {});
  }

  it('are all there is: none is served that this table does not know', () => {
    const [app] = backend.server.listeners('request');
    const served = servedBy(app).filter(route => route.includes(' /v1/'));
    expect(served.sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it.each(ROUTES)('$name: nobody who is not signed in', async ({ name }) => {
    expect((await send(name, undefined)).status).toBe(401);
  });

  // A browser sends cookies along with what another site asks for.
  it.each(ROUTES)('$name: no cookie in place of a token', async ({ name }) => {
    const { status } = await send(name, undefined).set(
      'Cookie',
      mockCredentials.limitedUser.cookie(OWNER),
    );
    expect(status).toBe(401);
  });

  it.each(ROUTES.filter(({ method }) => method === 'POST'))(
    '$name: no form of another site',
    async ({ name, path }) => {
      const answer = await request(backend.server)
        .post(`/api/istio${path.replace(/:\w+/g, '1')}`)
        .set('Authorization', mockCredentials.user.header(OWNER))
        .set('Content-Type', 'text/plain')
        .send('{"reason":"from elsewhere"}');
      expect({ name, status: answer.status }).toEqual({ name, status: 415 });
    },
  );

  // What a stream leaves out is tested where it is read (plugin.test.ts).
  const GUARDED = ROUTES.filter(
    ({ permission, name }) => permission && name !== 'subscribe',
  );

  it.each(GUARDED)(
    '$name: nothing without $permission.name, all others given',
    async ({ name, scope, permission }) => {
      lacking = permission?.name;
      const { status, text } = await send(name, OTHER);
      expect(scope === 'list' ? [200, 403, 404] : [403]).toContain(status);
      expect(text).not.toContain(SECRET);
    },
  );

  it.each(GUARDED.filter(({ scope }) => scope !== 'global'))(
    '$name: nothing of a component the catalog does not show, all permissions given',
    async ({ name, scope }) => {
      isHidden = true;
      const { status, text } = await send(name, OTHER);
      expect(scope === 'list' ? [200, 403, 404] : [403, 404]).toContain(status);
      expect(text).not.toContain(SECRET);
    },
  );

  it.each(
    ROUTES.filter(
      ({ scope, name }) => scope !== 'global' && name !== 'subscribe',
    ),
  )(
    '$name: nothing of a namespace that an entity of another team names',
    async ({ name }) => {
      isHidden = true;
      const { text } = await send(name, OTHER, asIntruder(name), 'intruder');
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('reviews-v1');
    },
  );

  it('shows that namespace to whose it is, so that the above is about that', async () => {
    const { text } = await send('getComponentMesh', OWNER);
    expect(text).toContain('reviews-v1');
  });

  const READINGS = ROUTES.filter(
    // Coverage shows no entry.
    ({ path, name }) =>
      path.startsWith('/v1/audit/') && name !== 'getAuditCoverage',
  );

  it.each(READINGS)(
    '$name: stands in the log, answered or refused',
    async ({ name, permission }) => {
      const byOther = async (): Promise<{ seq: number }[]> =>
        (await send('listAuditEntries', OWNER, { query: { by: OTHER } })).body
          .items;
      const [newest = { seq: 0 }] = await byOther();
      await send(name, OTHER);
      lacking = permission?.name;
      await send(name, OTHER);
      lacking = undefined;
      const since = (await byOther()).filter(({ seq }) => seq > newest.seq);
      expect(since).toHaveLength(2);
    },
  );

  it.each(GUARDED)(
    '$name: reaches who has everything, so that the refusals above are about that',
    async ({ name }) => {
      expect([400, 401, 403]).not.toContain((await send(name, OWNER)).status);
    },
  );
});
