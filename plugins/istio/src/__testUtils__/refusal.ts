import { ResponseError } from '@backstage/errors';

const NAMES: Record<number, string> = {
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  503: 'ServiceUnavailableError',
};

/** The error of an API call that the server answered with such a status. */
export function refusal(
  status: number,
  message: string,
): Promise<ResponseError> {
  const name = NAMES[status] ?? 'Error';
  const body = {
    error: { name, message },
    request: { method: 'POST', url: '/v1/changes' },
    response: { statusCode: status },
  };
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: name,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () => JSON.stringify(body),
    redirected: false,
    url: '',
    type: 'basic',
    bodyUsed: false,
  } as unknown as Parameters<typeof ResponseError.fromResponse>[0]);
}
