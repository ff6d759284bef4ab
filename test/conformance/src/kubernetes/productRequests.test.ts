import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APPLY,
  get,
  JSON_PATCH,
  open,
  patch,
  post,
  send,
} from '../world/KubeApi';
import { readThrough } from '../world/readThrough';
import { repositoryRoot } from '../world/repositoryRoot';
import { split, testNamespace, untilGranted, virtualService } from './fixtures';

const BACKEND = join(repositoryRoot, 'plugins/istio-backend/src');

/**
 * Every place where the product makes a request to an API server: file and method. Each has a test below with the
 * path, query and headers it sends; who adds a place adds a test.
 */
const PLACES = [
  'audit/anchors/ConfigMapAnchor.ts GET',
  'audit/anchors/ConfigMapAnchor.ts POST',
  'clusters/ApiServerProbe.ts GET',
  'clusters/KindWatcher.ts stream',
  'clusters/KubernetesCertificateReader.ts GET',
  'clusters/KubernetesMeshWriter.ts DELETE',
  'clusters/KubernetesMeshWriter.ts GET',
  'clusters/KubernetesMeshWriter.ts PATCH',
  'clusters/KubernetesMeshWriter.ts POST',
  'clusters/KubernetesMeshWriter.ts POST',
  'clusters/KubernetesMeshWriterWebhooks.ts GET',
  'clusters/KubernetesProxyStatusReader.ts tunnel',
  'clusters/listObjects.ts GET',
  'clusters/listObjects.ts GET',
];

/** The client itself, and who speaks to others: Prometheus, a forge, anchors and receivers of the audit log. */
const NO_REQUESTS = new Set([
  'audit/anchors/HttpAnchor.ts',
  'audit/forward/HttpReceiver.ts',
  'changes/sinks/GitLabSink.ts',
  'clusters/DefaultKubeClient.ts',
  'clusters/types.ts',
  'telemetry/PrometheusClient.ts',
]);

function placesOf(file: string): string[] {
  const text = readFileSync(join(BACKEND, file), 'utf8');
  const methods = Array.from(
    text.matchAll(/method: '(GET|POST|PUT|PATCH|DELETE)'/g),
    ([, method]) => method,
  );
  const streams = Array.from(text.matchAll(/\.stream\(\{/g), () => 'stream');
  const tunnels = Array.from(
    text.matchAll(/\.openTunnel\(\{/g),
    () => 'tunnel',
  );
  return [...methods, ...streams, ...tunnels].map(what => `${file} ${what}`);
}

const namespace = testNamespace('product');
const path = namespace.virtualServices;
const ATTEMPT = '0191e0a5-0000-7000-8000-00000000000a';
const WRITE = 'fieldManager=istio-portal&timeout=13s';

/** As the product writes: as the user, under its own name and an Audit-ID of the attempt. */
const asUser = (extra: Record<string, string | string[]> = {}) => ({
  headers: {
    'Impersonate-User': 'mira.kovac',
    'Impersonate-Group': ['conformance-writers', 'conformance-others'],
    'Audit-ID': ATTEMPT,
    'User-Agent': 'istio-portal/0.1.0 change/01JZ',
    ...extra,
  },
});

beforeAll(async () => {
  const rbac = 'rbac.authorization.k8s.io';
  const group = { apiGroup: rbac, kind: 'Group', name: 'conformance-writers' };
  await post(`${namespace.rbac}/roles`, {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name: 'writers' },
    rules: [
      {
        apiGroups: ['networking.istio.io'],
        resources: ['virtualservices'],
        verbs: ['create', 'patch', 'delete'],
      },
    ],
  });
  await post(`${namespace.rbac}/rolebindings`, {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'writers' },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'writers' },
    subjects: [group],
  });
  await untilGranted({
    user: 'mira.kovac',
    groups: [group.name],
    verb: 'delete',
    group: 'networking.istio.io',
    resource: 'virtualservices',
    namespace: namespace.name,
  });
});

describe('requests of the product', () => {
  it('are made in these places', () => {
    const files = readdirSync(BACKEND, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .filter(file => !/\.test\.|testing\/|__testUtils__/.test(file))
      .filter(file => !NO_REQUESTS.has(file));
    expect(files.flatMap(placesOf).sort()).toEqual(PLACES);
  });

  it('probe: whether the API server answers', async () => {
    const { status, body } = await get('/version');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\.\d+/),
    });
  });

  it('port-forward: only to a pod that is there', async () => {
    const pod = `/api/v1/namespaces/${namespace.name}/pods/istiod-none`;
    const { status, body } = await get(`${pod}/portforward?ports=15014`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': 'v4.channel.k8s.io',
      },
    });
    expect([status, body.reason, body.message]).toEqual([
      404,
      'NotFound',
      'pods "istiod-none" not found',
    ]);
  });

  it('port-forward: what istiod says of its proxies', async () => {
    const { body } = await get(
      '/api/v1/namespaces/istio-system/pods?labelSelector=app%3Distiod',
    );
    expect(body.items).not.toEqual([]);
    const answer = await readThrough({
      namespace: 'istio-system',
      pod: body.items[0].metadata.name,
      port: 15_014,
      path: '/debug/syncz',
    });
    const proxies = JSON.parse(answer);
    expect(proxies.length).toBeGreaterThan(0);
    for (const { proxy, resources } of proxies) {
      expect(proxy).toMatch(/^[^.]+(\.[^.]+)+$/);
      for (const [type, status] of Object.entries<object>(resources)) {
        expect(type).toMatch(/^type\.googleapis\.com\//);
        expect(
          Object.keys(status).filter(
            key => !['sent', 'acked', 'sentTime', 'lastError'].includes(key),
          ),
        ).toEqual([]);
      }
    }
  });

  it('list and watch: all objects of a kind from there on', async () => {
    const all = '/apis/networking.istio.io/v1/virtualservices';
    const { body } = await get(`${all}?limit=500`);
    const abort = new AbortController();
    const response = await open(
      'GET',
      `${all}?watch=true&resourceVersion=${body.metadata.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=300`,
      { signal: abort.signal },
    );
    expect(response.statusCode).toBe(200);
    response.on('error', () => {});
    const event = new Promise<string>(resolve => {
      response.once('data', chunk => resolve(String(chunk)));
    });
    await post(path, virtualService('watched'));
    expect(JSON.parse((await event).split('\n')[0])).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'watched', namespace: namespace.name } },
    });
    abort.abort();
  });

  it('kinds that a cluster need not have: whether they are served', async () => {
    const { status, body } = await get('/apis/networking.istio.io/v1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'APIResourceList' });
    expect((await get('/apis/nowhere.example/v1')).status).toBe(404);
  });

  it('certificate: one Secret by its name, or 404', async () => {
    const secrets = `${namespace.core}/secrets`;
    const made = await post(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-cert' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'Y2VydA==', 'tls.key': 'a2V5' },
    });
    expect(made.status).toBe(201);
    expect((await get(`${secrets}/shop-cert`)).body).toMatchObject({
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'Y2VydA==' },
    });
    expect((await get(`${secrets}/none`)).status).toBe(404);
  });

  it('webhooks: those of istiod are known by their service or name', async () => {
    const { status, body } = await get(
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    );
    expect(status).toBe(200);
    const webhooks = body.items.flatMap(
      item => (item as unknown as { webhooks?: Webhook[] }).webhooks ?? [],
    );
    const istiod = webhooks.filter(
      ({ name, clientConfig }) =>
        /^istiod($|-)/.test(clientConfig.service?.name ?? '') ||
        name.endsWith('validation.istio.io'),
    );
    expect(istiod).not.toEqual([]);
    for (const { rules, failurePolicy } of istiod) {
      expect(failurePolicy).toBe('Fail');
      expect(rules[0].apiGroups).toContain('networking.istio.io');
      expect(rules[0].resources).toEqual(['*']);
      expect([...rules[0].operations].sort()).toEqual(['CREATE', 'UPDATE']);
    }
  });

  it('access review: may this person do this', async () => {
    const ask = async (verb: string) => {
      const answer = await post(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: {
              namespace: namespace.name,
              verb,
              group: 'networking.istio.io',
              resource: 'virtualservices',
              name: 'a',
            },
          },
        },
        asUser(),
      );
      return (answer.body.status as { allowed: boolean }).allowed;
    };
    expect([await ask('patch'), await ask('update')]).toEqual([true, false]);
  });

  it('create, edit and delete: as the user, tried first, then done', async () => {
    const object = {
      ...virtualService('a', split(80)),
      metadata: {
        name: 'a',
        namespace: namespace.name,
        annotations: { 'istio-portal.dev/change-id': 'C1' },
      },
    };
    const tried = await post(`${path}?${WRITE}&dryRun=All`, object, asUser());
    expect([tried.status, tried.headers['audit-id']]).toEqual([201, ATTEMPT]);
    const made = await post(`${path}?${WRITE}`, object, asUser());
    expect(made.status).toBe(201);
    expect(made.body.metadata.managedFields?.[0]).toMatchObject({
      manager: 'istio-portal',
      operation: 'Update',
    });

    const { uid, resourceVersion } = made.body.metadata;
    const edited = await send('PATCH', `${path}/a?${WRITE}`, {
      type: JSON_PATCH,
      ...asUser(),
      body: [
        { op: 'test', path: '/metadata/uid', value: uid },
        {
          op: 'test',
          path: '/metadata/resourceVersion',
          value: resourceVersion,
        },
        { op: 'test', path: '/spec/http/0/route/0/weight', value: 80 },
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 60 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 40 },
        {
          op: 'add',
          path: '/metadata/annotations/istio-portal.dev~1change-id',
          value: 'C2',
        },
      ],
    });
    expect([edited.status, edited.body.spec]).toEqual([200, split(60)]);

    const preconditions = (version: string, options = {}) => ({
      ...asUser(),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...options,
        preconditions: { uid, resourceVersion: version },
      },
    });
    const moved = await send(
      'DELETE',
      `${path}/a?${WRITE}`,
      preconditions(resourceVersion),
    );
    expect([moved.status, moved.body.reason]).toEqual([409, 'Conflict']);
    const { resourceVersion: now } = edited.body.metadata;
    const triedDelete = await send(
      'DELETE',
      `${path}/a?${WRITE}`,
      preconditions(now, { dryRun: ['All'] }),
    );
    expect(triedDelete.status).toBe(200);
    const gone = await send('DELETE', `${path}/a?${WRITE}`, preconditions(now));
    expect(gone.status).toBe(200);
  });

  it('live read: the object, or 404', async () => {
    await post(path, virtualService('read'));
    expect((await get(`${path}/read`)).body).toMatchObject({
      kind: 'VirtualService',
      metadata: { name: 'read' },
    });
    expect((await get(`${path}/none`)).status).toBe(404);
  });

  it('tell who else owns a field', async () => {
    await patch(
      `${path}/owned?fieldManager=argocd-controller`,
      virtualService('owned'),
      APPLY,
    );
    const { body } = await get(`${path}/owned`);
    expect(body.metadata.managedFields).toEqual([
      expect.objectContaining({
        manager: 'argocd-controller',
        operation: 'Apply',
        apiVersion: 'networking.istio.io/v1',
      }),
    ]);
  });
});

interface Webhook {
  name: string;
  failurePolicy: string;
  clientConfig: { service?: { name: string } };
  rules: { apiGroups: string[]; resources: string[]; operations: string[] }[];
}
