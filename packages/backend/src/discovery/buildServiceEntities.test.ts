import { buildServiceEntities } from './buildServiceEntities';
import type { DiscoveredService } from './buildServiceEntities';

const build = (...services: Partial<DiscoveredService>[]) =>
  buildServiceEntities({
    cluster: 'lab',
    defaultOwner: 'user:default/local',
    services: services.map(service => ({
      namespace: 'shop',
      name: 'reviews',
      selector: { app: 'reviews' },
      ...service,
    })),
  });

describe('buildServiceEntities', () => {
  it('makes a component that the mesh tab finds by namespace and selector', () => {
    const [entity] = build({
      selector: { app: 'reviews', tier: 'web' },
      owner: 'group:default/catalog-team',
    });
    expect(entity.metadata.annotations).toMatchObject({
      'backstage.io/kubernetes-namespace': 'shop',
      'backstage.io/kubernetes-label-selector': 'app=reviews,tier=web',
    });
    expect(entity).toMatchObject({
      metadata: { name: 'reviews' },
      spec: { owner: 'group:default/catalog-team' },
    });
  });

  it('gives what nobody owns to the default owner', () => {
    expect(build({})[0].spec?.owner).toBe('user:default/local');
  });

  it('leaves out Services of one version and those without selector', () => {
    const names = build(
      {},
      { name: 'reviews-v1', selector: { app: 'reviews', version: 'v1' } },
      { name: 'outside', selector: {} },
    ).map(entity => entity.metadata.name);
    expect(names).toEqual(['reviews']);
  });

  it('keeps two Services of one name apart by their namespaces', () => {
    const names = build({}, { namespace: 'other' }).map(
      entity => entity.metadata.name,
    );
    expect(names).toEqual(['shop.reviews', 'other.reviews']);
  });
});
