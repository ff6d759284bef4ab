import { type ChangeTransition, isTerminal, transition } from './transition';
import { type ChangeState, changeStateSchema } from './types';

const EVENTS: ChangeTransition[] = [
  'approvalDue',
  'approved',
  'declined',
  'cancelled',
  'lapsed',
  'superseded',
  'proposed',
  'merged',
  'started',
  'resumed',
  'applied',
  'appliedPartly',
  'denied',
  'conflict',
  'failed',
  'answerLost',
  'verified',
  'unverifiable',
  'undone',
  'adopted',
  'reverted',
];

const ALLOWED: [ChangeState, ChangeTransition, ChangeState][] = [
  ['planned', 'started', 'applying'],
  ['planned', 'denied', 'denied'],
  ['planned', 'conflict', 'conflict'],
  ['planned', 'failed', 'failed'],
  ['planned', 'proposed', 'proposed'],
  ['scheduled', 'proposed', 'proposed'],
  ['proposed', 'merged', 'merged'],
  ['proposed', 'declined', 'declined'],
  ['proposed', 'cancelled', 'cancelled'],
  ['proposed', 'superseded', 'superseded'],
  ['proposed', 'failed', 'failed'],
  ['merged', 'applied', 'applied'],
  ['merged', 'superseded', 'superseded'],
  ['planned', 'approvalDue', 'awaitingApproval'],
  ['planned', 'approved', 'scheduled'],
  ['awaitingApproval', 'approved', 'scheduled'],
  ['awaitingApproval', 'declined', 'declined'],
  ['awaitingApproval', 'cancelled', 'cancelled'],
  ['awaitingApproval', 'lapsed', 'expired'],
  ['awaitingApproval', 'superseded', 'superseded'],
  ['scheduled', 'started', 'applying'],
  ['scheduled', 'cancelled', 'cancelled'],
  ['scheduled', 'lapsed', 'expired'],
  ['scheduled', 'superseded', 'superseded'],
  ['scheduled', 'denied', 'denied'],
  ['scheduled', 'conflict', 'conflict'],
  ['scheduled', 'failed', 'failed'],
  ['applying', 'applied', 'applied'],
  ['applying', 'appliedPartly', 'partial'],
  ['applying', 'denied', 'denied'],
  ['applying', 'conflict', 'conflict'],
  ['applying', 'failed', 'failed'],
  ['applying', 'answerLost', 'indeterminate'],
  ['applied', 'verified', 'verified'],
  ['applied', 'unverifiable', 'unverifiable'],
  ['applied', 'reverted', 'reverted'],
  ['verified', 'reverted', 'reverted'],
  ['unverifiable', 'reverted', 'reverted'],
  ['partial', 'resumed', 'applying'],
  ['partial', 'applied', 'applied'],
  ['partial', 'undone', 'reverted'],
  ['partial', 'reverted', 'reverted'],
  ['indeterminate', 'applied', 'applied'],
  ['indeterminate', 'appliedPartly', 'partial'],
  ['indeterminate', 'denied', 'denied'],
  ['indeterminate', 'conflict', 'conflict'],
  ['indeterminate', 'failed', 'failed'],
  ['indeterminate', 'undone', 'reverted'],
  ['outside', 'adopted', 'adopted'],
  ['outside', 'reverted', 'reverted'],
  ['adopted', 'reverted', 'reverted'],
];

describe('transition', () => {
  it('allows what the table says and nothing else', () => {
    for (const state of changeStateSchema.options) {
      for (const event of EVENTS) {
        const row = ALLOWED.find(
          ([from, when]) => from === state && when === event,
        );
        expect([state, event, transition(state, event)]).toEqual([
          state,
          event,
          row?.[2],
        ]);
      }
    }
  });

  it('never leaves a terminal state', () => {
    expect(changeStateSchema.options.filter(isTerminal)).toEqual([
      'denied',
      'conflict',
      'failed',
      'reverted',
      'declined',
      'cancelled',
      'expired',
      'superseded',
    ]);
  });

  it('reaches every state from planned, or from outside', () => {
    const reached = new Set<ChangeState>(['planned', 'outside']);
    for (const state of reached) {
      for (const event of EVENTS) {
        const next = transition(state, event);
        if (next) {
          reached.add(next);
        }
      }
    }
    expect([...reached].sort()).toEqual([...changeStateSchema.options].sort());
  });
});
