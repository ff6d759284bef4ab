import { ResponseError } from '@backstage/errors';

/**
 * Waits for a call of the Istio API. A refusal is thrown in the words of the API, which name the
 * field, the guardrail or the permission: they are all that the log of a task shows.
 */
export async function explainRefusal<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof ResponseError ? error.cause : error;
  }
}
