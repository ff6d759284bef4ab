import { createKubernetesCluster } from './createKubernetesCluster';
import { namespace, TEST_START } from './testUtils/startTestCluster';
import type {
  KubeObject,
  KubernetesClusterOptions,
  ObjectChange,
} from './types';

const ROUTES = 'virtualservices.networking.istio.io';

function route(
  weight = 100,
  metadata: Partial<KubeObject['metadata']> = {},
): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'catalog', ...metadata },
    spec: {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' }, weight }] }],
    },
  };
}

function start(
  objects: KubeObject[],
  options: Partial<KubernetesClusterOptions> = {},
) {
  const clock = { now: TEST_START };
  const cluster = createKubernetesCluster({
    name: 'prod-eu',
    clock: () => clock.now,
    users: {},
    objects: [namespace('catalog'), ...objects],
    ...options,
  });
  return { cluster, store: cluster.store, clock };
}

describe('the object store', () => {
  it('seeds with identity, defaults and owners, and keeps what the seed says of itself', () => {
    const seed = route(100, {
      creationTimestamp: '2026-07-01T08:00:00Z',
      annotations: { a: 'b' },
    });
    const { store } = start([seed]);
    const [stored] = store.list(ROUTES);
    expect(stored.metadata).toMatchObject({
      uid: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      resourceVersion: expect.stringMatching(/^\d+$/),
      generation: 1,
      creationTimestamp: '2026-07-01T08:00:00Z',
      annotations: { a: 'b' },
      managedFields: [
        expect.objectContaining({
          manager: 'sandbox',
          operation: 'Update',
          time: '2026-07-01T08:00:00Z',
        }),
      ],
    });
    expect(Object.isFrozen(stored.spec)).toBe(true);
    expect(seed.metadata.uid).toBeUndefined();
  });

  it('stores older versions as the storage version', () => {
    const { store } = start([
      { ...route(), apiVersion: 'networking.istio.io/v1alpha3' },
    ]);
    expect(
      store.get(ROUTES, { namespace: 'catalog', name: 'reviews' })?.apiVersion,
    ).toBe('networking.istio.io/v1');
  });

  it('gives equal worlds of two clusters different uids', () => {
    const uid = (name: string) =>
      start([route()], { name }).store.list(ROUTES)[0].metadata.uid;
    expect(uid('prod-eu')).not.toBe(uid('prod-us'));
  });

  it.each([
    [
      'an unknown kind',
      { apiVersion: 'v1', kind: 'Foo', metadata: { name: 'x' } },
      'does not serve v1 Foo',
    ],
    [
      'a namespace that is missing',
      route(1, { namespace: 'nowhere' }),
      'VirtualService nowhere/reviews stands in a namespace that does not exist',
    ],
    [
      'no namespace',
      route(1, { namespace: undefined }),
      'must name a namespace',
    ],
    [
      'an unknown field',
      { ...route(), spec: { hosts: ['a'], foo: 1 } },
      'fields its schema does not know: spec.foo',
    ],
    [
      'a wrong type',
      { ...route(), spec: { hosts: 'a' } },
      'spec.hosts in body must be of type array',
    ],
    [
      'a broken CEL rule',
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name: 'p', namespace: 'catalog' },
        spec: { portLevelMtls: { 80: { mode: 'STRICT' } } },
      },
      'portLevelMtls requires selector',
    ],
    ['a bad name', route(1, { name: 'Bad_' }), 'metadata.name'],
  ])('refuses a seed with %s', (_what, object, message) => {
    expect(() => start([object as KubeObject])).toThrow(message);
  });

  it('counts generations for the spec only, and an equal object changes nothing', () => {
    const { store } = start([route()]);
    const version = store.resourceVersion();
    store.apply(route());
    expect(store.resourceVersion()).toBe(version);
    expect(
      store.apply(route(100, { labels: { a: 'b' } })).metadata.generation,
    ).toBe(1);
    expect(store.apply(route(50)).metadata.generation).toBe(2);
  });

  it('tells listeners of every change, until they leave', () => {
    const { store, clock } = start([route()]);
    const seen: ObjectChange[] = [];
    const leave = store.subscribe(change => seen.push(change));
    clock.now += 5000;
    store.apply(route(40));
    store.remove(ROUTES, { namespace: 'catalog', name: 'reviews' });
    leave();
    store.apply(route(30));
    expect(
      seen.map(({ type, resource, at }) => ({ type, resource, at })),
    ).toEqual([
      { type: 'MODIFIED', resource: ROUTES, at: TEST_START + 5000 },
      { type: 'DELETED', resource: ROUTES, at: TEST_START + 5000 },
    ]);
    expect(seen[0].previous?.spec).toEqual(route().spec);
  });

  it('remembers the whole history of a resource, compaction or not', () => {
    const { store, clock } = start([route()], { compactAfter: 2 });
    for (const weight of [90, 80, 70, 60]) {
      clock.now += 60_000;
      store.apply(route(weight));
    }
    const history = store.history([ROUTES]);
    expect(
      history.map(change => [change.type, change.at - TEST_START]),
    ).toEqual([
      ['ADDED', 0],
      ['MODIFIED', 60_000],
      ['MODIFIED', 120_000],
      ['MODIFIED', 180_000],
      ['MODIFIED', 240_000],
    ]);
    const versions = history.map(change => change.resourceVersion);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(store.history().length).toBeGreaterThan(history.length);
  });

  it('says which names resources have', () => {
    const { store } = start([]);
    expect(() => store.list('virtualservices')).toThrow(
      'has no resource virtualservices',
    );
    expect(() => store.history(['gateway'])).toThrow('has no resource gateway');
    expect(store.list('gateways.gateway.networking.k8s.io')).toEqual([]);
  });

  it("registers istiod's webhooks and the built-in roles; a world may bring its own", () => {
    const own: KubeObject = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'istiod-default-validator' },
      webhooks: [],
    };
    const names = (objects: KubeObject[]) =>
      start(objects)
        .store.list(
          'validatingwebhookconfigurations.admissionregistration.k8s.io',
        )
        .map(object => [
          object.metadata.name,
          (object.webhooks as unknown[]).length,
        ]);
    expect(names([])).toEqual([
      ['istio-validator-istio-system', 1],
      ['istiod-default-validator', 1],
    ]);
    expect(names([own])).toEqual([
      ['istio-validator-istio-system', 1],
      ['istiod-default-validator', 0],
    ]);
  });

  it('starts with 4,000 pods well under two seconds', () => {
    const pods = Array.from(
      { length: 4000 },
      (_, index): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `p-${index}`,
          namespace: 'catalog',
          labels: { app: `a-${index % 100}` },
        },
        spec: {
          containers: [
            { name: 'app', image: 'app:1' },
            { name: 'istio-proxy', image: 'proxy:1' },
          ],
        },
        status: { phase: 'Running', podIP: '10.0.0.1' },
      }),
    );
    const began = Date.now();
    const { store } = start(pods);
    expect(Date.now() - began).toBeLessThan(2000);
    expect(store.list('pods')).toHaveLength(4000);
  });
});
