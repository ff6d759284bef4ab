import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { CatalogReader } from './CatalogReader';
import type { IndexedEntity } from './EntityIndex';

const MIRA = mockCredentials.user('user:default/mira.kovac');
const VERA = mockCredentials.user('user:default/vera.lind');

const CONDITIONAL: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: {
    rule: 'IS_ENTITY_OWNER',
    resourceType: 'catalog-entity',
    params: {},
  },
};

const entity = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': name },
  },
});

const indexOf = (...names: string[]) =>
  new Map(
    names.map(name => [`component:default/${name}`, {} as IndexedEntity]),
  );

function createReader(decision: PolicyDecision) {
  const catalog = catalogServiceMock({ entities: [entity('reviews')] });
  const queryEntities = jest.spyOn(catalog, 'queryEntities');
  const authorizeConditional = jest.fn(async () => [decision]);
  const index = { isLoaded: true, entities: indexOf('reviews', 'payments') };
  const clock = { now: 0 };
  const reader = CatalogReader.create({
    catalog,
    index: {
      get isLoaded() {
        return index.isLoaded;
      },
      all: () => index.entities,
    },
    permissions: { authorizeConditional },
    now: () => clock.now,
  });
  const visibleTo = async (credentials = MIRA) =>
    [...(await reader.visibleComponents({ credentials }))].sort();
  return { visibleTo, queryEntities, authorizeConditional, index, clock };
}

describe('CatalogReader.visibleComponents', () => {
  it('takes the index for who sees the whole catalog, and follows it at once', async () => {
    const { visibleTo, queryEntities, authorizeConditional, index } =
      createReader({ result: AuthorizeResult.ALLOW });
    expect(await visibleTo()).toEqual([
      'component:default/payments',
      'component:default/reviews',
    ]);
    index.entities = indexOf('reviews');
    expect(await visibleTo()).toEqual(['component:default/reviews']);
    expect(authorizeConditional).toHaveBeenCalledTimes(1);
    expect(queryEntities).not.toHaveBeenCalled();
  });

  it('asks the policy for each person, and again after some seconds', async () => {
    const { visibleTo, authorizeConditional, clock } = createReader({
      result: AuthorizeResult.ALLOW,
    });
    await visibleTo(MIRA);
    await visibleTo(VERA);
    expect(authorizeConditional).toHaveBeenCalledTimes(2);
    expect(authorizeConditional).toHaveBeenLastCalledWith(expect.anything(), {
      credentials: VERA,
    });
    clock.now = 31_000;
    authorizeConditional.mockResolvedValue([CONDITIONAL]);
    expect(await visibleTo(MIRA)).toEqual(['component:default/reviews']);
  });

  it.each([CONDITIONAL, { result: AuthorizeResult.DENY } as const])(
    'leaves it to the catalog where the policy says $result',
    async decision => {
      const { visibleTo, queryEntities } = createReader(decision);
      expect(await visibleTo()).toEqual(['component:default/reviews']);
      expect(queryEntities).toHaveBeenCalledWith(expect.anything(), {
        credentials: MIRA,
      });
    },
  );

  it('asks the catalog while the index is not read yet', async () => {
    const { visibleTo, index } = createReader({
      result: AuthorizeResult.ALLOW,
    });
    index.isLoaded = false;
    index.entities = indexOf();
    expect(await visibleTo()).toEqual(['component:default/reviews']);
  });
});
