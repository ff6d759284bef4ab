import {
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import { parseDuration } from '../../validation/rules/durations';
import { withField } from '../routing/withField';
import type { RetriesParam, TimeoutsAndRetriesParams } from './schema';
import { RETRY_CONDITIONS, type RetryCondition } from './retryConditions';

/** What the form says of one rule. */
export type RuleSettings = Pick<
  TimeoutsAndRetriesParams,
  'timeout' | 'retries'
>;

/** One kind of route: where it writes the settings, and what it cannot say. */
export interface SettingsDialect {
  /** The settings as written, or which part this form cannot express. */
  read(rule: Fields): RuleSettings | { why: string };
  /** The rule with the settings; everything else is the very same. */
  write(rule: Fields, settings: RuleSettings): Fields;
  /** What of the settings this kind of route cannot say: the field and what is allowed. */
  check(settings: RuleSettings): { field: string; message: string } | undefined;
  /** Fields of the rule that the form edits. */
  fields: readonly string[];
}

const CONDITIONS = new Set<string>(RETRY_CONDITIONS);

/** Fields of `retries` that the form knows; others stay while retries stay on. */
const KNOWN = ['attempts', 'perTryTimeout', 'retryOn'];

/** Source: istio.io reference HTTPRoute.timeout, HTTPRetry; istio/istio validateHTTPRetry. */
export const virtualServiceDialect: SettingsDialect = {
  fields: ['timeout', 'retries'],
  read: rule => {
    const timeout = readLimit(rule.timeout);
    const retries = readRetries(rule.retries);
    return 'why' in retries
      ? retries
      : { ...(timeout !== undefined && { timeout }), retries };
  },
  write: (rule, { timeout, retries }) =>
    withField(
      withField(rule, 'timeout', timeout),
      'retries',
      writeRetries(rule.retries, retries),
    ),
  check: () => undefined,
};

/** A limit of nothing is none: Envoy reads a timeout of 0 as off. */
function readLimit(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /[1-9]/.test(text) ? text : undefined;
}

function readRetries(value: unknown): RetriesParam | { why: string } {
  if (!isFields(value)) {
    return { mode: 'default' };
  }
  const attempts = numberOf(value.attempts) ?? 0;
  const unknown = Object.keys(value).filter(field => !KNOWN.includes(field));
  if (attempts < 1) {
    return unknown.length > 0
      ? { why: `retries are off, and retries.${unknown[0]} stands beside` }
      : { mode: 'off' };
  }
  if (attempts > 10) {
    return { why: `retries.attempts is ${attempts}; up to 10 can be set here` };
  }
  const perTryTimeout = readLimit(value.perTryTimeout);
  const parts = (textOf(value.retryOn) ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  const codes = parts.filter(part => /^\d+$/.test(part)).map(Number);
  const strange =
    parts.find(part => !/^\d+$/.test(part) && !CONDITIONS.has(part)) ??
    codes.find(code => code < 400 || code > 599);
  if (strange !== undefined) {
    return {
      why: `retries.retryOn holds ${strange}, which is not in the list`,
    };
  }
  return {
    mode: 'on',
    attempts,
    ...(perTryTimeout !== undefined && { perTryTimeout }),
    retryOn: unique(
      parts.filter((part): part is RetryCondition => CONDITIONS.has(part)),
    ),
    statusCodes: unique(codes),
  };
}

function writeRetries(
  present: unknown,
  retries: RetriesParam,
): Fields | undefined {
  if (retries.mode === 'default') {
    return undefined;
  }
  if (retries.mode === 'off') {
    return { attempts: 0 };
  }
  const { attempts, perTryTimeout, retryOn, statusCodes } = retries;
  const on = [...retryOn, ...statusCodes.map(String)].join(',');
  const kept = withField(
    { ...fieldsOf(present), attempts },
    'perTryTimeout',
    perTryTimeout,
  );
  return withField(kept, 'retryOn', on === '' ? undefined : on);
}

/**
 * Source: Gateway API HTTPRouteTimeouts, HTTPRouteRetry; istio/istio
 * pilot/pkg/config/kube/gateway/conversion.go: connection failures are always tried again, codes may be added, and
 * `backendRequest` is the time of each try only beside `retry`.
 */
export const httpRouteDialect: SettingsDialect = {
  fields: ['timeouts', 'retry'],
  read: rule => {
    const timeouts = fieldsOf(rule.timeouts);
    const timeout = readLimit(timeouts.request);
    const each = readLimit(timeouts.backendRequest);
    if (!isFields(rule.retry)) {
      return each === undefined
        ? { ...(timeout && { timeout }), retries: { mode: 'default' } }
        : {
            why: 'timeouts.backendRequest stands without retry, where it is the time limit of the whole request',
          };
    }
    const retry = rule.retry;
    const attempts = numberOf(retry.attempts) ?? 2;
    const codes = fieldsListOfNumbers(retry.codes);
    const why = strangeRetry({ attempts, codes, retry, each });
    if (why) {
      return { why };
    }
    return {
      ...(timeout && { timeout }),
      retries:
        attempts === 0
          ? { mode: 'off' }
          : {
              mode: 'on',
              attempts,
              ...(each && { perTryTimeout: each }),
              retryOn: [],
              statusCodes: codes,
            },
    };
  },
  write: (rule, { timeout, retries }) => {
    const each = retries.mode === 'on' ? retries.perTryTimeout : undefined;
    const timeouts = withField(
      withField(fieldsOf(rule.timeouts), 'request', timeout),
      'backendRequest',
      each,
    );
    return withField(
      withField(
        rule,
        'timeouts',
        Object.keys(timeouts).length > 0 ? timeouts : undefined,
      ),
      'retry',
      writeRetry(rule.retry, retries),
    );
  },
  check: ({ timeout, retries }) => {
    const each = retries.mode === 'on' ? retries.perTryTimeout : undefined;
    for (const [field, text] of [
      ['timeout', timeout],
      ['retries.perTryTimeout', each],
    ] as const) {
      if (text !== undefined && !/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(text)) {
        return {
          field,
          message: `${text} is no duration of an HTTPRoute: whole numbers of h, m, s and ms, for example 2500ms`,
        };
      }
    }
    if (each !== undefined && isLonger(each, timeout)) {
      return {
        field: 'retries.perTryTimeout',
        message: `a try of ${each} outlasts the timeout of ${timeout}, which an HTTPRoute may not say; allowed: at most ${timeout}`,
      };
    }
    return retries.mode === 'on' && retries.retryOn.length > 0
      ? {
          field: 'retries.retryOn',
          message:
            'an HTTPRoute tries again after connect-failure, refused-stream, unavailable and cancelled, and cannot say others; allowed: none, and status codes',
        }
      : undefined;
  },
};

/** Whether the first time is longer than the second, which may be no limit. */
function isLonger(text: string, limit: string | undefined): boolean {
  const [time, most] = [text, limit ?? ''].map(parseDuration);
  return time !== undefined && most !== undefined && time > most;
}

function strangeRetry(options: {
  attempts: number;
  codes: number[];
  retry: Fields;
  each: string | undefined;
}): string | undefined {
  const { attempts, codes, retry, each } = options;
  if (attempts > 10) {
    return `retry.attempts is ${attempts}; up to 10 can be set here`;
  }
  const other = Object.keys(retry).find(field => field !== 'attempts');
  if (attempts === 0 && (other || each)) {
    return `retries are off, and ${
      other ? `retry.${other}` : 'timeouts.backendRequest'
    } stands beside`;
  }
  const code = codes.find(status => status < 400 || status > 599);
  return code === undefined
    ? undefined
    : `retry.codes holds ${code}, which is no failure`;
}

function fieldsListOfNumbers(value: unknown): number[] {
  const list = Array.isArray(value) ? value : [];
  return unique(list.flatMap(item => numberOf(item) ?? []));
}

function writeRetry(
  present: unknown,
  retries: RetriesParam,
): Fields | undefined {
  if (retries.mode === 'default') {
    return undefined;
  }
  if (retries.mode === 'off') {
    return { attempts: 0 };
  }
  const { attempts, statusCodes } = retries;
  return withField(
    { ...fieldsOf(present), attempts },
    'codes',
    statusCodes.length > 0 ? statusCodes : undefined,
  );
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
