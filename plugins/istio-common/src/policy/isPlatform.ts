import type { PolicyInput } from './types';

/** Whether who asks belongs to a platform team. Nobody known does not. */
export function isPlatform({
  requester,
  settings,
}: Pick<PolicyInput, 'requester' | 'settings'>): boolean {
  return (
    requester !== undefined &&
    settings.platformTeams.some(
      team => team === requester.entityRef || requester.groups.includes(team),
    )
  );
}
