import { formatCount, formatWrittenDuration } from '../../telemetry/format';
import type { BreakerPlace } from './place';
import type { BreakerSettings } from './policyBlocks';

/** "limits from none to 100 open, circuit breaker from none to 5 failures in a row, for v2" */
export function titleOfBreaker(options: {
  place: BreakerPlace;
  before: BreakerSettings;
  after: BreakerSettings;
}): string {
  const { place, before, after } = options;
  const parts = [
    [wordPool(before), wordPool(after), 'limits'],
    [wordEjection(before), wordEjection(after), 'circuit breaker'],
  ].flatMap(([from, to, what]) =>
    from === to ? [] : [`${what} from ${from} to ${to}`],
  );
  return parts.length === 0
    ? 'no change'
    : `${parts.join(', ')}${wordPlace(place)}`;
}

/** "limits 100 open, circuit breaker none, for v2" */
export function describeBreaker(
  settings: BreakerSettings & BreakerPlace,
): string {
  return `limits ${wordPool(settings)}, circuit breaker ${wordEjection(
    settings,
  )}${wordPlace(settings)}`;
}

function wordPlace({ subset, port }: BreakerPlace): string {
  const words = [subset, port === undefined ? undefined : `port ${port}`];
  const where = words.filter(word => word !== undefined).join(', ');
  return where === '' ? '' : `, for ${where}`;
}

const POOL_WORDS = {
  maxConnections: 'open',
  http1MaxPendingRequests: 'waiting',
  http2MaxRequests: 'requests at once',
  maxRequestsPerConnection: 'per connection',
  maxRetries: 'retries at once',
} as const;

function wordPool({ connectionPool: pool }: BreakerSettings): string {
  const words = Object.entries(POOL_WORDS).flatMap(([field, word]) => {
    const limit = pool?.[field as keyof typeof POOL_WORDS];
    return limit === undefined ? [] : [`${formatCount(limit)} ${word}`];
  });
  return words.length > 0 ? words.join(' and ') : 'none';
}

function wordEjection({ ejection }: BreakerSettings): string {
  if (!ejection) {
    return 'none';
  }
  const {
    consecutive5xxErrors: errors = 5,
    consecutiveGatewayErrors: gateway = 0,
    interval,
    baseEjectionTime,
    maxEjectionPercent,
    minHealthPercent,
  } = ejection;
  const conditions = [
    ...(errors > 0 ? [`${formatCount(errors)} failures`] : []),
    ...(gateway > 0 ? [`${formatCount(gateway)} gateway errors`] : []),
  ];
  return [
    conditions.length > 0
      ? `${conditions.join(' or ')} in a row`
      : 'no condition',
    ...(baseEjectionTime
      ? [`out for ${formatWrittenDuration(baseEjectionTime)}`]
      : []),
    ...(interval ? [`looked at every ${formatWrittenDuration(interval)}`] : []),
    ...(maxEjectionPercent ? [`at most ${maxEjectionPercent} %`] : []),
    ...(minHealthPercent ? [`not below ${minHealthPercent} % healthy`] : []),
  ].join(' ');
}
