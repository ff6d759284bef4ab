import type { PlanOperation } from '../changes/types';
import type { MeshSnapshot } from '../snapshot/types';
import { findOwned, type OwnedHosts } from './ownedHosts';
import { teamSettings } from './settings';
import type { PolicyInput } from './types';

/** What the component owns where the operation would act; undefined without data of that cluster. */
export function ownedBy(
  input: Pick<
    PolicyInput,
    'match' | 'snapshots' | 'settings' | 'teamNamespaces'
  >,
  { object }: Pick<PlanOperation, 'object'>,
): { owned: OwnedHosts; snapshot: MeshSnapshot } | undefined {
  const { match, snapshots, settings, teamNamespaces } = input;
  const snapshot = snapshots.find(({ cluster }) => cluster === object.cluster);
  return (
    snapshot && {
      snapshot,
      owned: findOwned({
        match,
        teamNamespaces,
        cluster: object.cluster,
        domain: snapshot.domain,
        team: teamSettings(settings, match.claim?.ownerRef),
      }),
    }
  );
}
