import type { ChangeState } from '@istio-backstage/plugin-istio-common';
import type { NewChange } from './types';

/** What is known of a try when it is refused. */
export type AttemptDetails = Partial<
  Pick<
    NewChange,
    | 'title'
    | 'versions'
    | 'guardrails'
    | 'operations'
    | 'planHash'
    | 'plan'
    | 'actingUsers'
    | 'intentType'
    | 'intent'
    | 'revertOf'
    | 'entityRef'
  >
>;

/**
 * A refusal that carries what was tried, for the record. To everybody else it is the error it wraps:
 * the HTTP layer goes by the name.
 */
export class ChangeRefusal extends Error {
  readonly attempt: AttemptDetails;

  constructor(error: Error, attempt: AttemptDetails) {
    super(error.message);
    this.name = error.name;
    this.attempt = attempt;
  }
}

/** The state a refused try is recorded in, by the kind of error. */
export function refusedState(
  error: Error,
): Extract<ChangeState, 'denied' | 'conflict' | 'failed'> {
  switch (error.name) {
    case 'NotAllowedError':
      return 'denied';
    case 'ConflictError':
      return 'conflict';
    default:
      return 'failed';
  }
}
