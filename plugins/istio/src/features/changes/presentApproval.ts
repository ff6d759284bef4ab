import {
  formatList,
  openRequirements,
  type ApprovalRequirement,
  type Change,
} from '@istio-backstage/plugin-istio-common';
import { presentRefName } from '../../components';

/** Whose approval a requirement is; without owners the portal's approvers'. */
export function presentWhose({ by }: Pick<ApprovalRequirement, 'by'>): string {
  return by.length > 0 ? formatList(by.map(presentRefName)) : 'the approvers';
}

/** `storefront-team and the approvers`: whose approval is still missing. */
export function presentApprovers(change: Change): string {
  const { approval } = change;
  if (!approval) return 'other people';
  const open = openRequirements(approval).map(index =>
    presentWhose(approval.requirements[index]),
  );
  return formatList([...new Set(open)]) || 'nobody any more';
}

/** `dan.osei: Not before the sale`. */
export function presentDecline(change: Change): string | undefined {
  const declined = change.approval?.decisions.find(
    ({ decision }) => decision === 'declined',
  );
  return (
    declined &&
    `${presentRefName(declined.by)}${
      declined.reason ? `: ${declined.reason}` : ' gave no reason'
    }`
  );
}

/** `Waits for the approval of storefront-team, then runs as mira.kovac.` */
export function presentSentForApproval(
  approvals: ApprovalRequirement[],
  user: string,
): string {
  const whose = formatList([...new Set(approvals.map(presentWhose))]);
  return `Waits for the approval of ${whose}, then runs as ${user}.`;
}
