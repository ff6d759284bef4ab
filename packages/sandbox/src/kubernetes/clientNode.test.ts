import {
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
  type KubernetesObject,
} from '@kubernetes/client-node';
import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';
import type { KubeObject } from './types';

const GROUP = {
  group: 'networking.istio.io',
  version: 'v1',
  namespace: 'catalog',
  plural: 'virtualservices',
};

function route(name: string, weight = 80): KubeObject {
  const destination = (subset: string) => ({ host: 'reviews', subset });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'catalog' },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: destination('v1'), weight },
            { destination: destination('v2'), weight: 100 - weight },
          ],
        },
      ],
    },
  };
}

async function until<T>(read: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = read();
    if (value !== undefined) {
      return value;
    }
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error('It did not happen');
}

describe('@kubernetes/client-node', () => {
  let target: TestCluster;
  let config: KubeConfig;

  beforeEach(async () => {
    target = await startTestCluster({ objects: [route('reviews')] });
    config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'test', server: target.url, skipTLSVerify: true }],
      users: [{ name: 'admin', token: 'admin' }],
      contexts: [{ name: 'test', cluster: 'test', user: 'admin' }],
      currentContext: 'test',
    });
  });
  afterEach(() => target.close());

  it('reads version, namespaces and custom objects', async () => {
    const version = await config.makeApiClient(VersionApi).getCode();
    expect(version.gitVersion).toContain('sandbox');
    const namespaces = await config.makeApiClient(CoreV1Api).listNamespace();
    expect(namespaces.items.map(item => item.metadata?.name)).toEqual(
      expect.arrayContaining([
        'catalog',
        'default',
        'istio-system',
        'payments',
      ]),
    );
    const routes = await config
      .makeApiClient(CustomObjectsApi)
      .listNamespacedCustomObject(GROUP);
    expect(routes.items).toHaveLength(1);
  });

  it('creates and deletes typed objects', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const created = await core.createNamespacedService({
      namespace: 'catalog',
      body: {
        metadata: { name: 'reviews' },
        spec: { selector: { app: 'reviews' }, ports: [{ port: 9080 }] },
      },
    });
    expect(created.spec).toMatchObject({
      type: 'ClusterIP',
      ports: [{ port: 9080, protocol: 'TCP', targetPort: 9080 }],
      clusterIP: expect.stringMatching(/^10\.96\./),
    });
    const key = { namespace: 'catalog', name: 'reviews' };
    await core.deleteNamespacedService(key);
    await expect(core.readNamespacedService(key)).rejects.toMatchObject({
      code: 404,
    });
  });

  it('patches guarded by tests, and is told when the base moved', async () => {
    const api = config.makeApiClient(CustomObjectsApi);
    const before: KubeObject = await api.getNamespacedCustomObject({
      ...GROUP,
      name: 'reviews',
    });
    const patch = (weight: number) =>
      api.patchNamespacedCustomObject(
        {
          ...GROUP,
          name: 'reviews',
          body: [
            { op: 'test', path: '/metadata/uid', value: before.metadata.uid },
            {
              op: 'test',
              path: '/metadata/resourceVersion',
              value: before.metadata.resourceVersion,
            },
            {
              op: 'replace',
              path: '/spec/http/0/route/0/weight',
              value: weight,
            },
            {
              op: 'replace',
              path: '/spec/http/0/route/1/weight',
              value: 100 - weight,
            },
          ],
          fieldManager: 'istio-portal',
        },
        setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
      );
    const after: KubeObject = await patch(60);
    expect(after.metadata.generation).toBe(2);
    expect(after.metadata.managedFields).toContainEqual(
      expect.objectContaining({
        manager: 'istio-portal',
        operation: 'Update',
        fieldsV1: { 'f:spec': { 'f:http': {} } },
      }),
    );
    await expect(patch(40)).rejects.toMatchObject({ code: 422 });
  });

  it('applies with a field manager, is refused what another holds, and forces', async () => {
    const api = KubernetesObjectApi.makeApiClient(config);
    const apply = (weight: number, manager: string, force?: boolean) =>
      api.patch(
        route('reviews', weight) as unknown as KubernetesObject,
        undefined,
        undefined,
        manager,
        force,
        PatchStrategy.ServerSideApply,
      );
    await expect(apply(10, 'argo')).rejects.toMatchObject({ code: 409 });
    const forced = (await apply(10, 'argo', true)) as unknown as KubeObject;
    expect(forced.spec).toMatchObject({
      http: [{ route: [{ weight: 10 }, { weight: 90 }] }],
    });
  });

  it('watches', async () => {
    const seen: string[] = [];
    const abort = await new Watch(config).watch(
      '/apis/networking.istio.io/v1/virtualservices',
      { resourceVersion: '0' },
      (phase: string, object: KubeObject) => {
        seen.push(`${phase} ${object.metadata.name}`);
      },
      () => {},
    );
    await until(() => (seen.length === 1 ? seen : undefined));
    target.cluster.store.apply(route('second'));
    await until(() => (seen.length === 2 ? seen : undefined));
    abort.abort();
    expect(seen).toEqual(['ADDED reviews', 'ADDED second']);
  });

  it('keeps an informer in step, over a cut watch too', async () => {
    const api = config.makeApiClient(CustomObjectsApi);
    const informer = makeInformer(
      config,
      '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices',
      async () => {
        const list = await api.listNamespacedCustomObject(GROUP);
        return list as { items: KubernetesObject[] };
      },
    );
    informer.on('error', () => {
      setTimeout(() => informer.start(), 10);
    });
    await informer.start();
    expect(informer.list()).toHaveLength(1);
    target.cluster.faults.add({
      match: { verb: 'watch' },
      times: 1,
      breakWatch: { how: 'cut', afterEvents: 1 },
    });
    await informer.stop();
    await informer.start();
    target.cluster.store.apply(route('second'));
    target.cluster.store.apply(route('third'));
    target.cluster.store.remove('virtualservices.networking.istio.io', {
      namespace: 'catalog',
      name: 'reviews',
    });
    const names = await until(() => {
      const list = informer.list().map(item => item.metadata?.name);
      return list.length === 2 && !list.includes('reviews') ? list : undefined;
    });
    expect(names.sort()).toEqual(['second', 'third']);
    await informer.stop();
  });

  it('asks whether it may', async () => {
    const answer = await config
      .makeApiClient(AuthorizationV1Api)
      .createSelfSubjectAccessReview({
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: {
              verb: 'create',
              group: 'networking.istio.io',
              resource: 'virtualservices',
              namespace: 'catalog',
            },
          },
        },
      });
    expect(answer.status).toMatchObject({ allowed: true });
  });

  it('impersonates', async () => {
    config.users[0] = {
      ...config.users[0],
      impersonateUser: 'vera.lind',
    } as (typeof config.users)[0];
    await expect(
      config.makeApiClient(CoreV1Api).listPodForAllNamespaces(),
    ).rejects.toMatchObject({ code: 403 });
    expect(target.cluster.audit.at(-1)).toMatchObject({
      user: 'admin',
      impersonated: { user: 'vera.lind' },
    });
  });
});
