import { normalizeOwnerRefs } from '../../../entity/entityRef';
import { OWNER_ANNOTATION } from '../../../resources/namespace';
import type { MeshSnapshot } from '../../../snapshot/types';

/** Owners that the namespace names; none where nobody wrote one down. */
function ownersOf(snapshot: MeshSnapshot, namespace: string): string[] {
  const written = snapshot.get('Namespace', undefined, namespace)?.metadata
    .annotations?.[OWNER_ANNOTATION];
  return normalizeOwnerRefs((written ?? '').split(','));
}

/**
 * Owners of the other namespace where both say who owns them and no owner is the same; undefined
 * otherwise: without a word of either, nobody is a stranger.
 */
export function findStrangers(
  snapshot: MeshSnapshot,
  options: { namespace: string; other: string },
): string[] | undefined {
  const own = ownersOf(snapshot, options.namespace);
  const others = ownersOf(snapshot, options.other);
  return own.length > 0 &&
    others.length > 0 &&
    !others.some(owner => own.includes(owner))
    ? others
    : undefined;
}
