import type { Entity } from '@backstage/catalog-model';
import { parseMeshClaim } from '@istio-backstage/plugin-istio-common';

/**
 * Whether an entity says which workloads are its own, by one of the portal's Kubernetes
 * annotations or this plugin's.
 *
 * @public
 */
export function isIstioAvailable(entity: Entity): boolean {
  return parseMeshClaim(entity) !== undefined;
}

/** Components without annotations get the tab as well: it tells how to add them. */
export function offersMeshTab(entity: Entity): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === 'component' ||
    isIstioAvailable(entity)
  );
}
