import { shareAbove, type LatencyProfile } from '../latency';
import type { CallLimits } from '../routing/types';
import type { Outcome } from './types';

/** The caller's proxy answers by itself when the time is over. */
const AT_ONCE: LatencyProfile = { p50: 0.8, p99: 4 };

/** Shares below this are left out. */
const NOTHING = 1e-9;

/**
 * What a caller's proxy makes of the outcomes of one destination: failures that the rule tries again
 * succeed where a further try does, and what takes longer than the timeout is cut off.
 *
 * Tries are independent of each other; the load that further tries add to the server is left out. Delays
 * that a rule injects itself do not count towards its timeout, as in Envoy.
 */
export function limitOutcomes(
  outcomes: Outcome[],
  limits: CallLimits,
): Outcome[] {
  const retried = limits.retries ? retry(outcomes, limits.retries) : outcomes;
  const { timeoutMs } = limits;
  return timeoutMs === undefined
    ? retried
    : retried.flatMap(outcome => cutOff(outcome, timeoutMs));
}

function retry(
  outcomes: Outcome[],
  retries: NonNullable<CallLimits['retries']>,
): Outcome[] {
  const total = outcomes.reduce((sum, { share }) => sum + share, 0);
  const fails = (outcome: Outcome) =>
    outcome.failed && isRetried(outcome, retries.on);
  const failing =
    outcomes.filter(fails).reduce((sum, { share }) => sum + share, 0) / total;
  const stays = failing ** retries.attempts;
  const rescued = total * failing * (1 - stays);
  const fine = outcomes
    .filter(({ failed }) => !failed)
    .reduce((sum, { share }) => sum + share, 0);
  if (!(failing > 0) || fine <= 0) {
    return outcomes;
  }
  return outcomes
    .map(outcome => {
      if (fails(outcome)) {
        return {
          ...outcome,
          share: outcome.share * stays,
          flagsAtSource: withFlag(outcome.flagsAtSource, 'URX'),
        };
      }
      return outcome.failed
        ? outcome
        : { ...outcome, share: outcome.share * (1 + rescued / fine) };
    })
    .filter(({ share }) => share > NOTHING);
}

function withFlag(flags: string, flag: string): string {
  return flags === '-' ? flag : `${flags},${flag}`;
}

/** Source: Envoy x-envoy-retry-on: gateway-error is 502, 503 and 504. */
function isRetried(
  { code, grpcStatus, flagsAtSource }: Outcome,
  on: string[],
): boolean {
  const flagged = (flag: string) => flagsAtSource.split(',').includes(flag);
  return on.some(condition => {
    switch (condition) {
      case '5xx':
        return Number(code) >= 500 || code === '0';
      case 'gateway-error':
        return ['502', '503', '504'].includes(code);
      case 'connect-failure':
        return flagged('UF');
      case 'reset':
        return flagged('UC') || code === '0';
      case 'unavailable':
        return grpcStatus === '14';
      default:
        return condition === code;
    }
  });
}

/** The part that is slower than the timeout ends with 504 (gRPC: deadline exceeded). */
function cutOff(outcome: Outcome, timeoutMs: number): Outcome[] {
  const { target, share, waitMs, profile, grpcStatus } = outcome;
  const own = timeoutMs - (waitMs - target.waitMs);
  const late = own <= 0 ? 1 : shareAbove(profile, own);
  const cut: Outcome = {
    ...outcome,
    share: share * late,
    code: grpcStatus === undefined ? '504' : '200',
    grpcStatus: grpcStatus === undefined ? undefined : '4',
    flagsAtSource: 'UT',
    waitMs: target.waitMs + timeoutMs,
    profile: AT_ONCE,
    failed: true,
  };
  return [{ ...outcome, share: share * (1 - late) }, cut].filter(
    each => each.share > NOTHING,
  );
}
