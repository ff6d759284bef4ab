import {
  formatList,
  type ChangePreview,
} from '@istio-backstage/plugin-istio-common';
import type { PreviewState } from './preview/previewState';
import { sentences } from './presentWords';

export interface ApplyGate {
  open: boolean;
  /** Closed: why. Open: what will happen. */
  text: string;
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
  const where = formatList(planClusters(preview));
  return `Runs as ${who}${
    where ? ` in ${where}` : ''
  }, then watches traffic. You can undo it from there.`;
}

/**
 * Whether a change can be submitted, and in words why not. What the form itself lacks comes first,
 * then what nobody can type away (a guardrail, a missing right), then reason and ticket.
 */
export function resolveApplyGate(options: {
  /** What is wrong with the form's own fields. */
  formProblem?: string;
  reason: string;
  ticket: string;
  preview: PreviewState;
}): ApplyGate {
  const { formProblem, reason, ticket, preview } = options;
  const refused =
    preview.kind === 'ready' && !preview.preview.apply.allowed
      ? previewProblem(preview)
      : undefined;
  const problem =
    formProblem ??
    refused ??
    reasonProblem(reason) ??
    ticketProblem(ticket) ??
    previewProblem(preview);
  if (problem !== undefined) return { open: false, text: sentences(problem) };
  return preview.kind === 'ready'
    ? { open: true, text: presentReady(preview.preview) }
    : { open: false, text: 'there is no preview yet.' };
}
