export type ProblemKind =
  | 'conflict'
  | 'forbidden'
  | 'signedOut'
  | 'notFound'
  | 'invalid'
  | 'unavailable'
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
  503: 'unavailable',
};

const BY_NAME: Record<string, ProblemKind> = {
  InputError: 'invalid',
  AuthenticationError: 'signedOut',
  NotAllowedError: 'forbidden',
  NotFoundError: 'notFound',
  ConflictError: 'conflict',
  ServiceUnavailableError: 'unavailable',
};

interface ErrorShape {
  name?: unknown;
  message?: unknown;
  statusCode?: unknown;
  cause?: { name?: unknown; message?: unknown };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}

/** Says what kind of failure an API call ended in, from status and error name of the answer. */
export function describeProblem(error: unknown): Problem {
  const shape = (
    typeof error === 'object' && error !== null ? error : {}
  ) as ErrorShape;
  const name = text(shape.cause?.name) ?? text(shape.name) ?? '';
  const byStatus =
    typeof shape.statusCode === 'number'
      ? BY_STATUS[shape.statusCode]
      : undefined;
  return {
    kind: BY_NAME[name] ?? byStatus ?? 'failed',
    message:
      text(shape.cause?.message) ??
      text(shape.message) ??
      'the request failed without a reason',
  };
}
