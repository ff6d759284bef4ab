import {
  formatList,
  type Change,
  type ChangeEvent,
  type OperationOutcome,
} from '@istio-backstage/plugin-istio-common';
import { presentFullTime } from '../../components';
import { presentClaim } from './external/presentExternal';
import { presentApprovers, presentDecline } from './presentApproval';
import { countClusters } from './presentProgress';
import { sentences } from './presentWords';

export interface PresentedOutcome {
  status: 'info' | 'success' | 'warning' | 'danger';
  title: string;
  text: string;
  /** What a person can do about it; absent when nothing is to be done. */
  whatToDo?: string;
}

type Outcome = OperationOutcome['outcome'];

/** `VirtualService catalog/reviews`. */
export function presentObject(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${
    object.name
  }`;
}

/** Messages of the operations with such an outcome, each with its cluster; none: the event's text. */
function why(
  change: Change,
  outcomes: Outcome[],
  event?: ChangeEvent['kind'],
): string {
  const lines = change.operations
    .filter(op => outcomes.includes(op.outcome))
    .map(op =>
      sentences(
        `${op.object.cluster}: ${
          op.message ?? `${presentObject(op.object)} was not changed`
        }`,
      ),
    );
  if (lines.length > 0) return [...new Set(lines)].join(' ');
  return change.events.find(entry => entry.kind === event)?.text ?? '';
}

function clustersWith(
  change: Change,
  outcomes: Outcome[],
  otherwise: string,
): string {
  const names = change.operations
    .filter(op => outcomes.includes(op.outcome))
    .map(op => op.object.cluster);
  return formatList([...new Set(names)]) || otherwise;
}

function presentSchedule({ waitingFor, applyAt }: Change): string {
  if (waitingFor) return `It is due and waits: ${waitingFor}.`;
  return applyAt
    ? `It is applied at ${presentFullTime(applyAt)}.`
    : 'It is about to be sent.';
}

const PRESENTERS: Record<
  Change['state'],
  (change: Change) => PresentedOutcome
> = {
  planned: () => ({
    status: 'info',
    title: 'Recorded',
    text: 'The request is in the log and is about to be sent.',
  }),
  awaitingApproval: change => ({
    status: 'warning',
    title: 'Waiting for approval',
    text: sentences(`Approval is up to ${presentApprovers(change)}`),
    whatToDo:
      'Nothing is in force until then. You can close this, and take the request back in Changes.',
  }),
  scheduled: change => ({
    status: 'info',
    title: 'Scheduled',
    text: presentSchedule(change),
  }),
  proposed: change => ({
    status: 'info',
    title: change.proposal?.url ? 'Proposed in Git' : 'Being proposed',
    text: sentences(
      change.proposal?.url
        ? `It is up to the reviewers at ${change.proposal.host}`
        : change.waitingFor ?? 'The branch is being written',
      'Nothing changes in the cluster until it is merged.',
    ),
    whatToDo: 'You can close this, it is followed in Changes.',
  }),
  merged: change => ({
    status: 'info',
    title: 'Merged',
    text: sentences(
      change.waitingFor ??
        `Waiting for ${change.proposal?.owner ?? 'its owner'} to apply it`,
    ),
    whatToDo: 'You can close this, the result is kept in Changes.',
  }),
  declined: change => ({
    status: 'danger',
    title: 'Declined',
    text: sentences(
      presentDecline(change) ?? why(change, [], 'declined'),
      'Nothing was changed.',
    ),
    whatToDo: 'Talk to who declined it, then ask again.',
  }),
  cancelled: change => ({
    status: 'info',
    title: 'Cancelled',
    text: sentences(why(change, [], 'cancelled'), 'Nothing was changed.'),
  }),
  expired: change => ({
    status: 'warning',
    title: 'Expired',
    text: sentences(why(change, [], 'expired'), 'Nothing was changed.'),
    whatToDo: 'Ask again if it is still wanted.',
  }),
  superseded: change => ({
    status: 'warning',
    title: 'Superseded',
    text: sentences(why(change, [], 'superseded'), 'Nothing was changed.'),
    whatToDo: 'Make a new preview and ask again.',
  }),
  applying: change => ({
    status: 'info',
    title: 'Applying',
    text: `The request is on its way to ${
      formatList(countClusters(change).all) || 'the clusters'
    }.`,
  }),
  applied: change => ({
    status: 'info',
    title: 'Applied',
    text: `In force in ${
      formatList(countClusters(change).applied) || 'the clusters'
    }. Waiting for traffic to show it.`,
    whatToDo: 'You can close this, the result is kept in Changes.',
  }),
  verified: change => ({
    status: 'success',
    title: 'Verified',
    text: sentences(
      why(change, [], 'verified') || 'Traffic follows the change',
    ),
  }),
  unverifiable: change => ({
    status: 'warning',
    title: 'Applied, not proven',
    text: sentences(
      why(change, [], 'unverifiable') ||
        'Nothing shows whether traffic follows the change',
    ),
    whatToDo: 'The traffic split shows what requests do at present.',
  }),
  partial: change => ({
    status: 'danger',
    title: 'Partly applied',
    text: sentences(
      `In force in ${clustersWith(
        change,
        ['applied'],
        'no cluster',
      )}, not in ${clustersWith(
        change,
        ['denied', 'conflict', 'failed', 'unknown', 'notSent'],
        'the rest',
      )}`,
      why(change, ['denied', 'conflict', 'failed', 'unknown']),
    ),
    whatToDo:
      'Undo the part that is in force, or remove the cause and apply the same shares again.',
  }),
  indeterminate: change => ({
    status: 'warning',
    title: 'Outcome unknown',
    text: `No answer came from ${clustersWith(
      change,
      ['unknown', 'pending'],
      'a cluster',
    )}. The change may or may not be in force there.`,
    whatToDo:
      'The portal looks at the object until it knows. Nothing is sent a second time.',
  }),
  denied: change => ({
    status: 'danger',
    title: 'Denied',
    text: sentences(
      why(change, ['denied'], 'denied'),
      'Nothing was changed. The try is in the log.',
    ),
    whatToDo:
      'Ask the owner of the namespace or the platform team for the right that is missing.',
  }),
  conflict: change => ({
    status: 'warning',
    title: 'Somebody else changed it first',
    text: sentences(
      why(change, ['conflict'], 'conflict'),
      'Nothing of yours is in force.',
    ),
    whatToDo: 'Look at the new preview. What you typed is kept.',
  }),
  failed: change => ({
    status: 'danger',
    title: 'Failed',
    text: sentences(
      why(change, ['failed'], 'failed'),
      'Nothing is in force. The try is in the log.',
    ),
    whatToDo: 'Remove the cause and apply again.',
  }),
  reverted: change => ({
    status: 'info',
    title: 'Reverted',
    text: sentences(why(change, [], 'reverted') || 'The change was taken back'),
  }),
  outside: change => ({
    status: 'warning',
    title: 'Made outside the portal',
    text: sentences(
      change.external && presentClaim(change.external),
      'Nobody said why.',
    ),
    whatToDo: 'Adopt it if it is meant to be so, or revert it.',
  }),
  adopted: change => ({
    status: 'info',
    title: 'Adopted',
    text: sentences(
      'It was made outside the portal, and is meant to be so',
      change.external?.adoption?.reason,
    ),
  }),
};

/** What came out of a change, in words, with what a person can do next. */
export function presentOutcome(change: Change): PresentedOutcome {
  return PRESENTERS[change.state](change);
}

/** Whether a change still moves by itself, so that it pays to look again. */
export function isMoving(change: Change): boolean {
  return [
    'planned',
    'proposed',
    'merged',
    'applying',
    'applied',
    'indeterminate',
  ].includes(change.state);
}

/** Whether it waits for people or its time, with nothing of it in force. */
export function isWaiting(change: Change): boolean {
  return ['awaitingApproval', 'scheduled', 'proposed'].includes(change.state);
}
