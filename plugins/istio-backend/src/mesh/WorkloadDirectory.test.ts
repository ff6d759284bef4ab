import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  deployment,
  namespace,
  service,
} from '@istio-backstage/plugin-istio-common/testUtils';
import { MemoryMeshReader } from '@istio-backstage/plugin-istio-node/testUtils';
import { EntityIndex } from './EntityIndex';
import { WorkloadDirectory } from './WorkloadDirectory';

function component(
  name: string,
  annotations: Record<string, string>,
  owner = 'team',
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'service', owner },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
  };
}

const REVIEWS = component('reviews', {
  'backstage.io/kubernetes-label-selector': 'app=reviews',
  'backstage.io/kubernetes-namespace': 'catalog',
});
/** Says no namespace: found wherever its labels are. */
const RATINGS = component('ratings', {
  'backstage.io/kubernetes-label-selector': 'app=ratings',
});
const PAYMENTS = component('payments', {
  'backstage.io/kubernetes-label-selector': 'app=payments',
  'backstage.io/kubernetes-namespace': 'payments',
});

describe('WorkloadDirectory', () => {
  let reader: MemoryMeshReader;
  let directory: WorkloadDirectory;
  let index: EntityIndex;
  const catalog: { entities: Entity[] } = { entities: [] };
  const told: (string[] | '*')[] = [];

  beforeEach(async () => {
    catalog.entities = [REVIEWS, RATINGS, PAYMENTS, component('docs', {})];
    reader = new MemoryMeshReader().addCluster('eu', [
      namespace({ name: 'catalog', injected: true }),
      ...deployment({
        namespace: 'catalog',
        name: 'reviews-v1',
        labels: { app: 'reviews', version: 'v1' },
      }),
      service({ namespace: 'catalog', name: 'reviews' }),
      ...deployment({
        namespace: 'payments',
        name: 'payments',
        labels: { app: 'payments' },
      }),
    ]);
    index = EntityIndex.create({
      catalog: catalogServiceMock.mock({
        queryEntities: async request =>
          catalogServiceMock({ entities: catalog.entities }).queryEntities(
            request,
          ),
      }),
      auth: mockServices.auth(),
    });
    await index.refresh();
    directory = WorkloadDirectory.create({
      index,
      reader,
      binding: { bindAll: true, namespaces: {} },
    });
    directory.start();
    await directory.settled();
    told.length = 0;
    directory.subscribe(refs => told.push(refs === '*' ? refs : [...refs]));
  });

  afterEach(() => directory.stop());

  it('knows the entity and owner of a workload and of a Service', () => {
    const owner = {
      entityRef: 'component:default/reviews',
      ownerRef: 'group:default/team',
    };
    expect(
      directory.ownerOf({ namespace: 'catalog', name: 'reviews-v1' }),
    ).toEqual(owner);
    expect(
      directory.ownerOf({ namespace: 'catalog', name: 'reviews' }),
    ).toEqual(owner);
    expect(
      directory.ownerOf({ namespace: 'other', name: 'reviews-v1' }),
    ).toBeUndefined();
  });

  it('indexes only entities with a mesh annotation', () => {
    expect([...index.all().keys()].sort()).toEqual([
      'component:default/payments',
      'component:default/ratings',
      'component:default/reviews',
    ]);
  });

  it('is settled when the catalog was read twice alike, and not while it is empty or being filled', async () => {
    const read = async (...entities: Entity[]) => {
      catalog.entities = entities;
      await index.refresh();
      await directory.settled();
      return directory.isSettled();
    };
    expect(directory.isSettled()).toBe(false);
    expect(await read()).toBe(false);
    expect(await read()).toBe(false);
    expect(await read(RATINGS)).toBe(false);
    expect(await read(RATINGS, REVIEWS)).toBe(false);
    expect(await read(RATINGS, REVIEWS)).toBe(true);
  });

  it('tells only the components of the namespace that changed', async () => {
    reader.apply(
      'eu',
      ...deployment({
        namespace: 'catalog',
        name: 'reviews-v2',
        labels: { app: 'reviews' },
      }),
    );
    await directory.settled();
    expect(told).toEqual([['component:default/reviews']]);
    expect(
      directory.ownerOf({ namespace: 'catalog', name: 'reviews-v2' }),
    ).toBeDefined();
  });

  it('finds a component without namespace when its labels appear somewhere', async () => {
    reader.apply(
      'eu',
      ...deployment({
        namespace: 'elsewhere',
        name: 'ratings',
        labels: { app: 'ratings' },
      }),
    );
    await directory.settled();
    expect(told).toEqual([['component:default/ratings']]);
  });

  it('tells everybody when a whole cluster came or went', async () => {
    reader.setState('eu', 'stale', 'gone');
    await directory.settled();
    expect(told).toEqual(['*']);
  });

  it('takes in what the catalog learned, and what it lost', async () => {
    catalog.entities = [
      REVIEWS,
      component('other', {
        'backstage.io/kubernetes-label-selector': 'app=payments',
      }),
    ];
    await index.refresh();
    await directory.settled();
    expect(
      directory.ownerOf({ namespace: 'payments', name: 'payments' })?.entityRef,
    ).toBe('component:default/other');
    expect(directory.matchOf('component:default/payments')).toBeUndefined();
    expect(told).toEqual(['*']);
  });

  it('keeps its revision while nothing changes', async () => {
    const revision = directory.revision();
    await index.refresh();
    await directory.settled();
    expect(directory.revision()).toBe(revision);
  });

  it('does not give workloads to an entity whose owner the namespace is not bound to', async () => {
    const bound = WorkloadDirectory.create({
      index,
      reader,
      binding: {
        bindAll: true,
        namespaces: { catalog: ['group:default/other'] },
      },
    });
    bound.start();
    await bound.settled();
    expect(
      bound.ownerOf({ namespace: 'catalog', name: 'reviews-v1' }),
    ).toBeUndefined();
    bound.stop();
  });
});
