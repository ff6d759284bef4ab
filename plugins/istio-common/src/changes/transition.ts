import type { ChangeState } from './types';

/**
 * What happens to a change:
 * `approvalDue` it waits for other people; `approved` the last approval that was missing came, or none
 * was needed and it waits for its time; `declined`, `cancelled` a person ended the waiting, `lapsed`
 * the clock did; `superseded` what it was planned on is not there any more;
 * `proposed` it goes to the Git source of its objects instead of the cluster; `merged` that took it;
 * `started` sending began; `resumed` somebody has the rest of a partial change sent; `applied` every object is as planned; `appliedPartly` some are and the
 * rest could not be undone; `denied`, `conflict`, `failed` nothing stays applied; `answerLost` a
 * request got no answer and nothing proves what became of it; `verified` and `unverifiable` what
 * traffic or proxies showed; `undone` the applied part of a partial change was taken back;
 * `adopted` a person said of a change that the portal did not make that it is meant to be so;
 * `reverted` a later change took all of it back.
 */
export type ChangeTransition =
  | 'approvalDue'
  | 'approved'
  | 'declined'
  | 'cancelled'
  | 'lapsed'
  | 'superseded'
  | 'proposed'
  | 'merged'
  | 'started'
  | 'resumed'
  | 'applied'
  | 'appliedPartly'
  | 'denied'
  | 'conflict'
  | 'failed'
  | 'answerLost'
  | 'verified'
  | 'unverifiable'
  | 'undone'
  | 'adopted'
  | 'reverted';

const TABLE: Record<
  ChangeState,
  Partial<Record<ChangeTransition, ChangeState>>
> = {
  planned: {
    approvalDue: 'awaitingApproval',
    approved: 'scheduled',
    started: 'applying',
    proposed: 'proposed',
    denied: 'denied',
    conflict: 'conflict',
    failed: 'failed',
  },
  awaitingApproval: {
    approved: 'scheduled',
    declined: 'declined',
    cancelled: 'cancelled',
    lapsed: 'expired',
    superseded: 'superseded',
  },
  scheduled: {
    started: 'applying',
    proposed: 'proposed',
    cancelled: 'cancelled',
    lapsed: 'expired',
    superseded: 'superseded',
    denied: 'denied',
    conflict: 'conflict',
    failed: 'failed',
  },
  proposed: {
    merged: 'merged',
    declined: 'declined',
    cancelled: 'cancelled',
    superseded: 'superseded',
    failed: 'failed',
  },
  merged: { applied: 'applied', superseded: 'superseded' },
  applying: {
    applied: 'applied',
    appliedPartly: 'partial',
    denied: 'denied',
    conflict: 'conflict',
    failed: 'failed',
    answerLost: 'indeterminate',
  },
  applied: {
    verified: 'verified',
    unverifiable: 'unverifiable',
    reverted: 'reverted',
  },
  verified: { reverted: 'reverted' },
  unverifiable: { reverted: 'reverted' },
  partial: {
    resumed: 'applying',
    applied: 'applied',
    undone: 'reverted',
    reverted: 'reverted',
  },
  indeterminate: {
    applied: 'applied',
    appliedPartly: 'partial',
    denied: 'denied',
    conflict: 'conflict',
    failed: 'failed',
    undone: 'reverted',
  },
  denied: {},
  conflict: {},
  failed: {},
  reverted: {},
  declined: {},
  cancelled: {},
  expired: {},
  superseded: {},
  outside: { adopted: 'adopted', reverted: 'reverted' },
  adopted: { reverted: 'reverted' },
};

/** The next state, or undefined where the event cannot happen in this state. */
export function transition(
  state: ChangeState,
  event: ChangeTransition,
): ChangeState | undefined {
  return TABLE[state][event];
}

/** Whether a change in this state never changes again. */
export function isTerminal(state: ChangeState): boolean {
  return Object.keys(TABLE[state]).length === 0;
}
