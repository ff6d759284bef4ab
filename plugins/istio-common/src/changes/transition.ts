import type { ChangeState } from './types';

/**
 * What happens to a change:
 * `started` sending began; `applied` every object is as planned; `appliedPartly` some are and the
 * rest could not be undone; `denied`, `conflict`, `failed` nothing stays applied; `answerLost` a
 * request got no answer and nothing proves what became of it; `verified` and `unverifiable` what
 * traffic or proxies showed; `undone` the applied part of a partial change was taken back;
 * `reverted` a later change took all of it back.
 */
export type ChangeTransition =
  | 'started'
  | 'applied'
  | 'appliedPartly'
  | 'denied'
  | 'conflict'
  | 'failed'
  | 'answerLost'
  | 'verified'
  | 'unverifiable'
  | 'undone'
  | 'reverted';

const TABLE: Record<
  ChangeState,
  Partial<Record<ChangeTransition, ChangeState>>
> = {
  planned: {
    started: 'applying',
    denied: 'denied',
    conflict: 'conflict',
    failed: 'failed',
  },
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
  partial: { applied: 'applied', undone: 'reverted', reverted: 'reverted' },
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
