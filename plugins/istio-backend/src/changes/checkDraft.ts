import type { ChangeDraft } from './ChangeDrafter';
import type { ChangePreflight, PreflightResult } from './ChangePreflight';

/**
 * Asks the clusters about a draft, as the user. What goes through Git is asked about too, but needs no
 * right of theirs to write to the cluster: who reviews it there decides.
 */
export async function checkDraft(
  preflight: ChangePreflight,
  draft: Pick<ChangeDraft, 'plan' | 'actingUsers' | 'proposal'>,
  by: { changeId: string; changedBy: string },
): Promise<PreflightResult> {
  const { plan, actingUsers, proposal } = draft;
  const checked = await preflight.run({ plan, actingUsers, ...by });
  return proposal
    ? {
        ...checked,
        refusals: checked.refusals.filter(({ kind }) => kind !== 'denied'),
      }
    : checked;
}
