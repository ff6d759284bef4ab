import type {
  Change,
  ChangePreview,
  Intent,
} from '@istio-backstage/plugin-istio-common';
import { eventually } from './eventually';
import type { Portal } from './startPortal';

/**
 * Previews and asks for a change of a component that cuts somebody off, and has it approved by a person
 * of the team that the preview names for it.
 *
 * @throws Error when the preview does not come to ask for that team's approval
 */
export async function changeWithApproval(
  portal: Portal,
  options: {
    entityRef: string;
    intent: Intent;
    reason: string;
    requester: string;
    approver: { person: string; team: string };
  },
): Promise<{ preview: ChangePreview; change: Change }> {
  const { entityRef, intent, reason, requester, approver } = options;
  const asked = portal.as(requester);
  // Who is cut off comes from traffic, and whose it is from a catalog that is read after the start.
  const { answer: preview } = await eventually(
    () => asked.previewChange({ entityRef, intent }),
    ({ approvals = [] }) =>
      approvals.some(({ by }) => by.includes(approver.team)),
    {
      withinMs: 90_000,
      what: `The approval of ${approver.team} is asked for`,
      show: ({ approvals, callers, guardrails }) => ({
        approvals,
        callers,
        guardrails,
      }),
    },
  );
  const waiting = await asked.submitChange({
    entityRef,
    intent,
    reason,
    planHash: preview.plan.hash,
  });
  expect(waiting.state).toBe('awaitingApproval');
  const { items } = await portal.as(approver.person).listApprovals();
  expect(items).toContainEqual(
    expect.objectContaining({
      role: 'approver',
      approve: { allowed: true },
      change: expect.objectContaining({ id: waiting.id }),
    }),
  );
  await portal
    .as(approver.person)
    .approveChange(waiting.id, { approvalHash: waiting.approval?.hash ?? '' });
  // What starts due changes may be faster than the approval, and still at it when the approval answers.
  const { answer: change } = await eventually(
    () => asked.getChange(waiting.id),
    ({ state }) => !['scheduled', 'applying'].includes(state),
    { withinMs: 30_000, what: 'The approved change is through', everyMs: 100 },
  );
  return { preview, change };
}
