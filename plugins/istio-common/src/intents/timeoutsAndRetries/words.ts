import { formatDuration, formatWrittenDuration } from '../../telemetry/format';
import { parseDuration } from '../../validation/rules/durations';
import type { RuleSettings } from './ruleSettings';
import type { RetriesParam } from './schema';

/** "timeout from none to 5 s, retries from Istio’s default to 3 of at most 2 s". */
export function titleOfSettings(
  before: RuleSettings | undefined,
  after: RuleSettings,
): string {
  const was = before ?? { retries: { mode: 'default' as const } };
  const parts = [
    [wordTimeout(was.timeout), wordTimeout(after.timeout), 'timeout'],
    [wordRetries(was.retries), wordRetries(after.retries), 'retries'],
  ].flatMap(([from, to, what]) =>
    from === to ? [] : [`${what} from ${from} to ${to}`],
  );
  return parts.length > 0 ? parts.join(', ') : 'no change';
}

/** "timeout 5 s, retries off" */
export function describeSettings({ timeout, retries }: RuleSettings): string {
  return `timeout ${wordTimeout(timeout)}, retries ${wordRetries(retries)}`;
}

function wordTimeout(timeout: string | undefined): string {
  return timeout === undefined ? 'none' : formatWrittenDuration(timeout);
}

function wordRetries(retries: RetriesParam): string {
  if (retries.mode !== 'on') {
    return retries.mode === 'off' ? 'off' : 'Istio’s default';
  }
  const { attempts, perTryTimeout, retryOn, statusCodes } = retries;
  const on = [...retryOn, ...statusCodes].join(', ');
  return [
    String(attempts),
    perTryTimeout ? `of at most ${formatWrittenDuration(perTryTimeout)}` : '',
    on ? `on ${on}` : '',
  ]
    .filter(part => part !== '')
    .join(' ');
}

/**
 * How long callers may wait in the worst case, in words: the timeout ends all tries together, each try has
 * its own limit.
 */
export function describeWorstCase({ timeout, retries }: RuleSettings): string {
  const each = retries.mode === 'on' ? retries.perTryTimeout : undefined;
  const tries = retries.mode === 'on' ? retries.attempts + 1 : undefined;
  const all =
    each !== undefined && tries !== undefined
      ? tries * (parseDuration(each) ?? 0)
      : undefined;
  const limit = timeout === undefined ? undefined : parseDuration(timeout);
  if (all === undefined) {
    return limit === undefined
      ? 'Callers wait as long as the answer takes.'
      : `Callers wait at most ${wordTimeout(timeout)}, all tries together.`;
  }
  const sum = `${tries} tries of at most ${wordTimeout(each)}`;
  if (limit === undefined) {
    return `Callers wait at most ${wordLength(all)}: ${sum}.`;
  }
  return all > limit
    ? `Callers wait at most ${wordTimeout(
        timeout,
      )}: ${sum} do not fit into it, the last ones may never happen.`
    : `Callers wait at most ${wordTimeout(timeout)}; ${sum} fit into it.`;
}

function wordLength(nanoseconds: number): string {
  return nanoseconds % 1e9 === 0
    ? formatDuration(nanoseconds / 1e9)
    : `${nanoseconds / 1e6} ms`;
}
