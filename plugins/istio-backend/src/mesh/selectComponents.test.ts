import {
  ComponentListQuery,
  componentListQuerySchema,
  ComponentSummary,
} from '@istio-backstage/plugin-istio-common';
import { selectComponents } from './selectComponents';

function row(
  name: string,
  rest: Partial<ComponentSummary> = {},
): ComponentSummary {
  return {
    entityRef: `component:default/${name}`,
    title: name,
    ownerRef: 'group:default/catalog-team',
    namespaces: ['catalog'],
    clusters: [{ name: 'eu', stale: false }],
    dataPlane: 'sidecar',
    status: 'healthy',
    cause: [],
    mtlsModes: [],
    split: [],
    ...rest,
  };
}

const ROWS = [
  row('reviews', { requestsPerSecond: 24 }),
  row('legacy', { dataPlane: 'none', status: 'unknown', namespaces: ['old'] }),
  row('payments', { status: 'degraded', requestsPerSecond: 6.8 }),
  row('checkout', {
    status: 'failing',
    ownerRef: 'group:default/storefront-team',
    clusters: [{ name: 'us', stale: true }],
  }),
  row('ratings', { status: 'noTraffic', ownerRef: undefined }),
];

function select(query: Partial<ComponentListQuery>) {
  return selectComponents(ROWS, componentListQuerySchema.parse(query));
}

function names(query: Partial<ComponentListQuery>): string[] {
  return select(query).items.map(one => one.title);
}

describe('selectComponents', () => {
  it('puts what needs a person first', () => {
    expect(names({})).toEqual([
      'checkout',
      'payments',
      'legacy',
      'ratings',
      'reviews',
    ]);
    expect(names({ order: 'desc' })[0]).toBe('reviews');
  });

  it.each<[Partial<ComponentListQuery>, string[]]>([
    [{ search: 'REV' }, ['reviews']],
    [{ search: 'team pay' }, ['payments']],
    [{ owner: 'group:default/storefront-team' }, ['checkout']],
    [{ namespace: 'old' }, ['legacy']],
    [{ cluster: 'us' }, ['checkout']],
    [{ status: 'outsideMesh' }, ['legacy']],
    [{ status: 'unknown' }, []],
    [
      { sort: 'name' },
      ['checkout', 'legacy', 'payments', 'ratings', 'reviews'],
    ],
    [
      { sort: 'requests', order: 'desc' },
      ['reviews', 'payments', 'checkout', 'legacy', 'ratings'],
    ],
    [{ sort: 'name', offset: 1, limit: 2 }, ['legacy', 'payments']],
  ])('answers %j', (query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  it('counts before the status filter and before paging', () => {
    const { counts, total } = select({ status: 'failing', limit: 1 });
    expect(counts).toEqual({
      healthy: 1,
      degraded: 1,
      failing: 1,
      noTraffic: 1,
      outsideMesh: 1,
    });
    expect(total).toBe(1);
  });

  it('counts all that may be seen, whatever is filtered', () => {
    expect(select({ search: 'rev', status: 'failing' })).toMatchObject({
      all: 5,
      total: 0,
    });
  });

  it('offers every value there is, whatever is filtered', () => {
    expect(select({ search: 'reviews' }).facets).toEqual({
      owners: ['group:default/catalog-team', 'group:default/storefront-team'],
      namespaces: ['catalog', 'old'],
      clusters: ['eu', 'us'],
    });
  });
});
