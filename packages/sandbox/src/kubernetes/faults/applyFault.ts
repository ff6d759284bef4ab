import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, expired } from '../requests/ApiError';
import type { WatchSession } from '../requests/types';
import type { Fault } from '../types';

const REASONS: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** What a fault does before the request is handled. @throws ApiError with the fault's status. */
export async function sufferBefore(fault: Fault | undefined): Promise<void> {
  if (fault?.delayMs) {
    await sleep(fault.delayMs, undefined, { ref: false });
  }
  if (fault?.status !== undefined) {
    const { status, retryAfter } = fault;
    throw new ApiError({
      code: status,
      reason: REASONS[status] ?? '',
      message: fault.message ?? `injected fault: status ${status}`,
      ...(retryAfter === undefined
        ? {}
        : {
            details: { retryAfterSeconds: retryAfter },
            headers: { 'Retry-After': String(retryAfter) },
          }),
    });
  }
}

/** The session of a watch that breaks after some events. */
export function breakSession(
  session: WatchSession,
  fault: Fault | undefined,
  cut: () => void,
): WatchSession {
  const broken = fault?.breakWatch;
  if (!broken) {
    return session;
  }
  let left = broken.afterEvents ?? 0;
  let done = false;
  const breakNow = () => {
    done = true;
    if (broken.how === 'cut') {
      cut();
      return;
    }
    session.send(
      broken.how === 'garbage'
        ? '{"type":"ADDED","object":{"kind'
        : {
            type: 'ERROR',
            object: expired('too old resource version').toStatus(),
          },
    );
    session.end();
  };
  if (left === 0) {
    // The answer's head goes out first, as from a server that dies right after it.
    setImmediate(breakNow);
  }
  return {
    send: event => {
      if (done) {
        return;
      }
      session.send(event);
      left -= 1;
      if (left === 0) {
        breakNow();
      }
    },
    end: () => session.end(),
    onEnd: listener => session.onEnd(listener),
  };
}
