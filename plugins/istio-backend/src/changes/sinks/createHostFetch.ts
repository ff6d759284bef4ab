import { toError } from '@backstage/errors';

const TIMEOUT_MS = 15_000;

/**
 * `fetch` that goes to one host of the configuration and nowhere else: no other origin, no redirect, not
 * for ever.
 */
export function createHostFetch(
  baseUrl: string,
  send: typeof fetch = fetch,
): typeof fetch {
  const { origin } = new URL(baseUrl);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) {
      throw new Error(
        `a request to ${url.origin} was asked for, not ${origin}`,
      );
    }
    const response = await send(input, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(error => {
      throw new Error(`${origin} does not answer: ${reasonOf(toError(error))}`);
    });
    if (
      response.status >= 300 &&
      response.status < 400 &&
      response.status !== 304
    ) {
      throw new Error(
        `${origin} answered with a redirect, which is not followed; was the repository renamed?`,
      );
    }
    return response;
  };
}

/** "fetch failed" says nothing; why stands beside it. */
function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError')
    return `nothing for ${TIMEOUT_MS / 1000} s`;
  const { code, message } = (error.cause ?? error) as Error & { code?: string };
  return code ?? message;
}
