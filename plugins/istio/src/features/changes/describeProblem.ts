import { presentError } from '../../components';

export type ProblemKind =
  | 'conflict'
  | 'forbidden'
  | 'signedOut'
  | 'notFound'
  | 'invalid'
  | 'unavailable'
  /** The server answered with an error of its own, or did not answer at all. */
  | 'failed';

export interface Problem {
  kind: ProblemKind;
  /** What the server said, else what went wrong on the way. */
  message: string;
}

const BY_STATUS: Record<number, ProblemKind> = {
  400: 'invalid',
  401: 'signedOut',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  422: 'invalid',
  503: 'unavailable',
};

/** Says what kind of failure an API call ended in, by the status of the answer. */
export function describeProblem(error: unknown): Problem {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error
      ? Number(error.statusCode)
      : NaN;
  return { kind: BY_STATUS[status] ?? 'failed', message: presentError(error) };
}

/** Whether it is certain that a failed call to write sent nothing to a cluster. */
export function sentNothing(problem: Problem): boolean {
  return problem.kind !== 'failed';
}
