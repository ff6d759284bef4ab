import type { KindName } from '../../resources/kinds';
import type { KindFreshness, MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem } from '../types';

/**
 * Kinds whose copy is not current: nothing may be decided from them. A kind whose definition is not
 * installed holds no objects; that refuses only the kinds that are to be written.
 */
export function requireSynced(
  snapshot: MeshSnapshot,
  kinds: { written?: KindName[]; read: KindName[] },
): CompileProblem[] {
  const { written = [], read } = kinds;
  return [...new Set([...written, ...read])].flatMap(kind => {
    const freshness = snapshot.freshness[kind];
    const usable =
      freshness.state === 'synced' ||
      (freshness.state === 'notInstalled' && !written.includes(kind));
    return usable
      ? []
      : [
          {
            field: 'clusters',
            message: `${snapshot.cluster}: ${kind} ${describe(
              freshness,
            )}; a change needs current data`,
          },
        ];
  });
}

function describe(freshness: KindFreshness): string {
  const cause = freshness.error ? ` (${freshness.error})` : '';
  switch (freshness.state) {
    case 'stale': {
      const since =
        freshness.asOf === undefined
          ? ''
          : ` since ${new Date(freshness.asOf)
              .toISOString()
              .slice(11, 16)} UTC`;
      return `objects are without news${since}${cause}`;
    }
    case 'failed':
      return `objects cannot be read${cause}`;
    case 'notInstalled':
      return 'is not installed there';
    default:
      return 'objects are not loaded yet';
  }
}
