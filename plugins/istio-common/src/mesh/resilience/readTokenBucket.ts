import {
  entryOf,
  Fields,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { formatCount, formatWrittenDuration } from '../../telemetry/format';
import { RateLimit } from './types';

export const LOCAL_FILTERS: readonly string[] = [
  'envoy.filters.http.local_ratelimit',
  'envoy.filters.network.local_ratelimit',
];
export const GLOBAL_FILTERS: readonly string[] = [
  'envoy.filters.http.ratelimit',
  'envoy.filters.network.ratelimit',
];

/** What a local rate limit does, as written in an Envoy filter's configuration. */
export type LocalLimit = Pick<
  RateLimit,
  'text' | 'detail' | 'bucket' | 'enforcedPercent'
>;

/**
 * The settings of a filter: itself, or wrapped in a TypedStruct. Envoy reads names in either spelling.
 *
 * Source: Envoy API extensions.filters.http.local_ratelimit.v3.LocalRateLimit.
 */
export function readLocalLimit(config: unknown): LocalLimit | undefined {
  const written = fieldsOf(config);
  const settings = isFields(written.value) ? written.value : written;
  const bucket = either(settings, 'token_bucket', 'tokenBucket');
  const maxTokens = numberOf(
    either(fieldsOf(bucket), 'max_tokens', 'maxTokens'),
  );
  if (!isFields(bucket) || maxTokens === undefined) {
    return undefined;
  }
  const fillInterval =
    textOf(either(bucket, 'fill_interval', 'fillInterval')) ?? '';
  // One token at a time unless said otherwise.
  const tokensPerFill =
    numberOf(either(bucket, 'tokens_per_fill', 'tokensPerFill')) ?? 1;
  const per = settings.stat_prefix ?? settings.statPrefix;
  const eachConnection =
    either(
      settings,
      'local_rate_limit_per_downstream_connection',
      'localRateLimitPerDownstreamConnection',
    ) === true;
  const burst =
    maxTokens > tokensPerFill ? `, ${formatCount(maxTokens)} at once` : '';
  return {
    text: `${formatCount(tokensPerFill)} per ${formatInterval(
      fillInterval,
    )} and ${eachConnection ? 'connection' : 'pod'}${burst}`,
    bucket: { maxTokens, tokensPerFill, fillInterval },
    ...describeEnforcement(settings, per !== undefined),
  };
}

/** `60s` of tokens is "1 min", `1s` is "second" for reading. */
function formatInterval(written: string): string {
  const seconds = /^(\d+)s$/.exec(written);
  if (seconds && Number(seconds[1]) % 60 === 0) {
    return formatWrittenDuration(`${Number(seconds[1]) / 60}m`);
  }
  return formatWrittenDuration(written);
}

/** For safety Envoy asks and enforces for no request unless both shares are written. */
function describeEnforcement(
  settings: Fields,
  isHttp: boolean,
): Pick<LocalLimit, 'detail' | 'enforcedPercent'> {
  const enabled = either(settings, 'filter_enabled', 'filterEnabled');
  const enforced = either(settings, 'filter_enforced', 'filterEnforced');
  if (!isHttp && enabled === undefined && enforced === undefined) {
    return {};
  }
  const share = percentOf(enabled) * percentOf(enforced) * 0.01;
  const percent = Number(share.toFixed(4));
  if (percent >= 100) {
    return { enforcedPercent: 100, detail: 'Others are refused with 429' };
  }
  return percent === 0
    ? { enforcedPercent: 0, detail: 'Counted only: nothing is refused' }
    : {
        enforcedPercent: percent,
        detail: `Enforced for ${percent} % of the requests`,
      };
}

const DENOMINATORS: Readonly<Record<string, number>> = {
  HUNDRED: 100,
  TEN_THOUSAND: 10_000,
  MILLION: 1_000_000,
};

function percentOf(fraction: unknown): number {
  const value = fieldsOf(
    either(fieldsOf(fraction), 'default_value', 'defaultValue'),
  );
  const numerator = numberOf(value.numerator) ?? 0;
  const denominator = entryOf(
    DENOMINATORS,
    textOf(value.denominator) ?? 'HUNDRED',
  );
  return denominator === undefined ? 0 : (100 * numerator) / denominator;
}

function either(fields: Fields, snake: string, camel: string): unknown {
  return fields[snake] ?? fields[camel];
}
