import {
  formatList,
  type ChangePreview,
} from '@istio-backstage/plugin-istio-common';
import { presentFullTime } from '../../components';
import {
  readTimes,
  timesProblem,
  type ChangeTimes,
} from './dialog/changeTimes';
import type { PreviewState } from './preview/previewState';
import { presentSentForApproval } from './presentApproval';
import { presentWhyProposed, proposalWord } from './presentProposal';
import { sentences } from './presentWords';

export interface ApplyGate {
  open: boolean;
  /** Closed: why. Open: what will happen. */
  text: string;
  /** Instead of the form's own verb, where pressing the button does something else. */
  verb?: string;
}

/** Limits of the contract's `reasonSchema` and `ticketSchema`, to say them before the server does. */
const REASON_MIN = 3;
export const REASON_MAX = 2000;
const TICKET_MAX = 200;

/** Why a ticket cannot be taken; undefined when it can. */
export function ticketProblem(ticket: string): string | undefined {
  const trimmed = ticket.trim();
  if (/\s/.test(trimmed)) return 'a ticket has no spaces';
  return trimmed.length > TICKET_MAX
    ? `a ticket has at most ${TICKET_MAX} characters`
    : undefined;
}

/** Why a reason cannot be taken; undefined when it can. */
export function reasonProblem(reason: string): string | undefined {
  const { length } = reason.trim();
  if (length === 0) return 'the reason is missing';
  if (length < REASON_MIN) {
    return `the reason needs at least ${REASON_MIN} characters`;
  }
  return length > REASON_MAX
    ? `the reason has more than ${REASON_MAX} characters`
    : undefined;
}

function previewProblem(state: PreviewState): string | undefined {
  switch (state.kind) {
    case 'none':
      return 'there is no preview yet';
    case 'loading':
      return 'the preview is being computed';
    case 'stale':
      return 'the preview is no longer true';
    case 'failed':
      return `there is no preview: ${state.message}`;
    default:
      return state.preview.apply.allowed
        ? undefined
        : state.preview.apply.reasons.join('; ') ||
            'the server does not allow it and gave no reason';
  }
}

/** Clusters a plan writes to, in its order. */
export function planClusters(preview: ChangePreview): string[] {
  return [...new Set(preview.plan.operations.map(op => op.object.cluster))];
}

/** `Runs as mira.kovac in prod-eu and prod-us, then watches traffic. You can undo it from there.` */
export function presentReady(preview: ChangePreview): string {
  const who = preview.actsAs?.user ?? 'you';
  if (preview.approvals?.length) {
    return presentSentForApproval(preview.approvals, who);
  }
  if (preview.proposal) {
    return presentWhyProposed(preview.proposal);
  }
  const where = formatList(planClusters(preview));
  return `Runs as ${who}${
    where ? ` in ${where}` : ''
  }, then watches traffic. You can undo it from there.`;
}

function verbOf(
  preview: PreviewState,
  times: ChangeTimes,
): Pick<ApplyGate, 'verb'> {
  if (preview.kind === 'ready' && preview.preview.approvals?.length) {
    return { verb: 'Send for approval' };
  }
  if (preview.kind === 'ready' && preview.preview.proposal) {
    return { verb: `Propose a ${proposalWord(preview.preview.proposal)}` };
  }
  return readTimes(times).applyAt ? { verb: 'Schedule' } : {};
}

function presentTimes({ applyAt, expiresAt }: ChangeTimes): string {
  return sentences(
    applyAt && `Not before ${presentFullTime(applyAt)}`,
    expiresAt && `Taken back at ${presentFullTime(expiresAt)}`,
  );
}

/**
 * Whether a change can be submitted, and in words why not. What the form itself lacks comes first,
 * then what nobody can type away (a guardrail, a missing right), then reason and ticket.
 */
export function resolveApplyGate(
  options: {
    /** What is wrong with the form's own fields. */
    formProblem?: string;
    reason: string;
    ticket: string;
    preview: PreviewState;
    breakGlass?: boolean;
    /** Epoch milliseconds; default: now. */
    now?: number;
  } & ChangeTimes,
): ApplyGate {
  const {
    formProblem,
    reason,
    ticket,
    preview,
    now = Date.now(),
    ...times
  } = options;
  const refused =
    preview.kind === 'ready' && !preview.preview.apply.allowed
      ? previewProblem(preview)
      : undefined;
  const problem =
    formProblem ??
    refused ??
    reasonProblem(reason) ??
    ticketProblem(ticket) ??
    timesProblem(times, now) ??
    previewProblem(preview);
  const verb = verbOf(preview, times);
  if (problem !== undefined) {
    return { open: false, text: sentences(problem), ...verb };
  }
  return preview.kind === 'ready'
    ? {
        open: true,
        text: sentences(
          presentReady(preview.preview),
          presentTimes(readTimes(times)),
        ),
        ...verb,
      }
    : { open: false, text: 'there is no preview yet.' };
}
