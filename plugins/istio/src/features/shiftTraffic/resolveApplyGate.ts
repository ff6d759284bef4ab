import type { ChangePreview } from '@istio-backstage/plugin-istio-common';
import type { WeightSum } from './weights';
import { WEIGHT_RULE } from './weights';
import { joinWords, sentences } from '../changes/presentWords';

export type PreviewState =
  | { kind: 'none' }
  | { kind: 'loading'; previous?: ChangePreview }
  | { kind: 'failed'; message: string; previous?: ChangePreview }
  | { kind: 'ready'; preview: ChangePreview };

export type ApplyGate =
  | { open: true; text: string }
  | { open: false; text: string };

export const REASON_MIN = 3;
export const REASON_MAX = 2000;
export const TICKET_MAX = 200;

/** Why a ticket cannot be taken; undefined when it can. Mirrors the contract's `ticketSchema`. */
export function ticketProblem(ticket: string): string | undefined {
  const trimmed = ticket.trim();
  if (/\s/.test(trimmed)) return 'A ticket has no spaces';
  if (trimmed.length > TICKET_MAX) {
    return `A ticket has at most ${TICKET_MAX} characters`;
  }
  return undefined;
}

/** What keeps the reason and ticket from being sent; undefined when nothing does. */
export function justificationProblem(
  reason: string,
  ticket: string,
): string | undefined {
  if (reason.trim().length < REASON_MIN) {
    return `the reason is missing (at least ${REASON_MIN} characters)`;
  }
  if (reason.trim().length > REASON_MAX) {
    return `the reason has more than ${REASON_MAX} characters`;
  }
  return ticketProblem(ticket)?.replace(/^A/, 'a');
}

function sumProblem(sum: WeightSum): string | undefined {
  switch (sum.kind) {
    case 'invalid':
      return `${joinWords(sum.labels)} needs ${WEIGHT_RULE.toLowerCase()}`;
    case 'over':
      return `the shares are ${sum.points} ${
        sum.points === 1 ? 'point' : 'points'
      } over 100 %`;
    case 'under':
      return `the shares are ${sum.points} ${
        sum.points === 1 ? 'point' : 'points'
      } under 100 %`;
    default:
      return undefined;
  }
}

function previewProblem(state: PreviewState): string | undefined {
  switch (state.kind) {
    case 'none':
      return 'there is no preview yet';
    case 'loading':
      return 'the preview is being computed';
    case 'failed':
      return `the preview failed: ${state.message}`;
    default:
      return state.preview.apply.allowed
        ? undefined
        : state.preview.apply.reasons.join('; ') ||
            'the server does not allow it and gave no reason';
  }
}

/** `Runs as mira.kovac in prod-eu and prod-us, then watches traffic. You can undo it from there.` */
export function presentReady(
  preview: ChangePreview,
  clusters: string[],
): string {
  const who = preview.actsAs?.user ?? 'you';
  return `Runs as ${who} in ${joinWords(
    clusters,
  )}, then watches traffic. You can undo it from there.`;
}

/** Whether Apply is on, and in words why not. The first thing a person can mend comes first. */
export function resolveApplyGate(options: {
  clusters: string[];
  sum?: WeightSum;
  moved?: boolean;
  reason: string;
  ticket: string;
  preview: PreviewState;
  /** Why the form cannot be turned into a request. */
  problem?: string;
}): ApplyGate {
  const { clusters, sum, moved = true, reason, ticket, preview } = options;
  const off =
    (clusters.length === 0 ? 'no cluster is chosen' : undefined) ??
    (sum && sumProblem(sum)) ??
    (moved ? undefined : 'no share differs from today’s') ??
    options.problem ??
    (preview.kind === 'ready' && !preview.preview.apply.allowed
      ? previewProblem(preview)
      : undefined) ??
    justificationProblem(reason, ticket) ??
    previewProblem(preview);
  if (off !== undefined) return { open: false, text: sentences(off) };
  if (preview.kind !== 'ready') {
    return { open: false, text: 'There is no preview yet.' };
  }
  return { open: true, text: presentReady(preview.preview, clusters) };
}
