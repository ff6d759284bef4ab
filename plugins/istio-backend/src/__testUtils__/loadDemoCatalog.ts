import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { parseEntityYaml } from '@backstage/plugin-catalog-node';

const SHOP = resolve(
  __dirname,
  '../../../../packages/sandbox/catalog/shop.yaml',
);

/** The demo portal's catalog, with owners resolved as the catalog does. */
export function loadDemoCatalog(path = SHOP): Entity[] {
  const location = { type: 'file', target: path };
  return [...parseEntityYaml(readFileSync(path), location)].flatMap(result => {
    if (result.type === 'error') throw result.error;
    if (result.type !== 'entity') return [];
    const { entity } = result;
    if (entity.kind !== 'Location') return [withOwner(entity)];
    const { targets = [] } = entity.spec as { targets?: string[] };
    return targets.flatMap(target =>
      loadDemoCatalog(resolve(dirname(path), target)),
    );
  });
}

/** Entity refs of the groups that list the person as a member. */
export function groupsOf(entities: readonly Entity[], userRef: string) {
  const user = entities.find(
    one => one.kind === 'User' && stringifyEntityRef(one) === userRef,
  );
  const { memberOf = [] } = (user?.spec ?? {}) as { memberOf?: string[] };
  return memberOf.map(name => fullRef(name));
}

function withOwner(entity: Entity): Entity {
  const metadata = { namespace: 'default', ...entity.metadata };
  const { owner } = (entity.spec ?? {}) as { owner?: string };
  return {
    ...entity,
    metadata,
    ...(owner && {
      relations: [{ type: 'ownedBy', targetRef: fullRef(owner) }],
    }),
  };
}

function fullRef(group: string): string {
  return group.includes(':') ? group : `group:default/${group}`;
}
