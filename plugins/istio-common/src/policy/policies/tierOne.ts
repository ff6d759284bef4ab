import type { Policy } from '../types';

/** Some components are too important for one person alone. */
export const tierOne: Policy = {
  id: 'tier-one',
  description: 'A second person looks at changes of tier 1 components',
  version: 1,
  evaluate({ match, settings, plan }) {
    const entityRef = match.claim?.entityRef;
    const isMarked =
      entityRef !== undefined &&
      plan.operations.length > 0 &&
      settings.tierOne.includes(entityRef);
    return isMarked
      ? [
          {
            policy: this.id,
            verdict: 'needsApproval',
            approvers: [
              match.claim?.ownerRef
                ? [match.claim.ownerRef, ...settings.platformTeams]
                : settings.platformTeams,
            ],
            text: `${entityRef.slice(
              entityRef.lastIndexOf('/') + 1,
            )} is marked tier 1, where a second person approves every change`,
          },
        ]
      : [];
  },
};
