import { ResponseError } from '@backstage/errors';
import { describeProblem, sentNothing } from './describeProblem';

async function answer(status: number, name: string, message: string) {
  const body = JSON.stringify({
    error: { name, message },
    request: { method: 'POST', url: '/v1/changes' },
    response: { statusCode: status },
  });
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: name,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () => body,
    redirected: false,
    url: '',
    type: 'basic',
    bodyUsed: false,
  } as unknown as Parameters<typeof ResponseError.fromResponse>[0]);
}

describe('describeProblem', () => {
  it.each([
    [403, 'NotAllowedError', 'forbidden', true],
    [409, 'ConflictError', 'conflict', true],
    [422, 'UnprocessableEntityError', 'invalid', true],
    [503, 'ServiceUnavailableError', 'unavailable', true],
    [500, 'Error', 'failed', false],
  ])('reads status %d', async (status, name, kind, nothingSent) => {
    const problem = describeProblem(await answer(status, name, 'because'));
    expect(problem).toEqual({ kind, message: 'because' });
    expect(sentNothing(problem)).toBe(nothingSent);
  });

  it('takes a lost answer for lost, not for refused', () => {
    const problem = describeProblem(new TypeError('Failed to fetch'));
    expect(problem).toEqual({
      kind: 'failed',
      message: expect.stringContaining('Failed to fetch'),
    });
    expect(sentNothing(problem)).toBe(false);
  });
});
