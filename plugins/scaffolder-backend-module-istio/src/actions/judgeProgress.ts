import { isTerminal, type Change } from '@istio-backstage/plugin-istio-common';

/** Where a template wants a change to be. */
export type Goal = 'applied' | 'verified';

/** Whether to go on waiting. */
export type Progress =
  | { state: 'reached' }
  | { state: 'waiting' }
  /** It will not get there by itself. */
  | { state: 'ended'; why: string };

const IN_FORCE: Change['state'][] = ['applied', 'verified', 'unverifiable'];
/** Not their last state, but only a person leads on from here. */
const NEEDS_A_PERSON: Change['state'][] = ['partial', 'indeterminate'];

/**
 * Where a change stands on its way to the goal. A change that traffic cannot show is not a verified
 * one: absent evidence is no evidence.
 */
export function judgeProgress(change: Change, goal: Goal): Progress {
  const { state, title } = change;
  const reached = goal === 'verified' ? ['verified'] : IN_FORCE;
  if (reached.includes(state)) {
    return { state: 'reached' };
  }
  const stuck =
    state === 'unverifiable' ||
    NEEDS_A_PERSON.includes(state) ||
    isTerminal(state);
  if (!stuck) {
    return { state: 'waiting' };
  }
  const last = change.events.at(-1)?.text;
  return {
    state: 'ended',
    why: `“${title}” is ${state}, not ${goal}${last ? `. ${last}` : ''}`,
  };
}
