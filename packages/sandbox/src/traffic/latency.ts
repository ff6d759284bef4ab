/** Latency of a workload, milliseconds. */
export interface LatencyProfile {
  p50: number;
  p99: number;
}

/** Upper bounds of Istio's duration histogram (Envoy's defaults), without +Inf. */
export const LATENCY_BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000,
  300000, 600000, 1800000, 3600000,
];

const Z99 = 2.3263478740408408;

/** Share of requests per histogram bucket (cumulative, +Inf last) and their mean. */
export interface LatencyDistribution {
  cumulative: Float64Array;
  meanMs: number;
}

/** Log-normal through p50 and p99, moved right by a wait that every request pays. */
export function distributionOf(
  profile: LatencyProfile,
  waitMs = 0,
): LatencyDistribution {
  const mu = Math.log(profile.p50);
  const sigma = Math.max(
    0.05,
    Math.log(Math.max(profile.p99, profile.p50) / profile.p50) / Z99,
  );
  const cumulative = new Float64Array(LATENCY_BOUNDS.length + 1);
  LATENCY_BOUNDS.forEach((bound, index) => {
    const own = bound - waitMs;
    cumulative[index] = own <= 0 ? 0 : normalCdf((Math.log(own) - mu) / sigma);
  });
  cumulative[LATENCY_BOUNDS.length] = 1;
  return { cumulative, meanMs: waitMs + Math.exp(mu + sigma ** 2 / 2) };
}

/** Share of requests that take longer than this. */
export function shareAbove(profile: LatencyProfile, ms: number): number {
  const sigma = Math.max(
    0.05,
    Math.log(Math.max(profile.p99, profile.p50) / profile.p50) / Z99,
  );
  return ms <= 0
    ? 1
    : 1 - normalCdf((Math.log(ms) - Math.log(profile.p50)) / sigma);
}

/** A value of the profile for a number in (0, 1). */
export function quantileOf(
  profile: LatencyProfile,
  unit: number,
  waitMs = 0,
): number {
  const sigma = Math.max(
    0.05,
    Math.log(Math.max(profile.p99, profile.p50) / profile.p50) / Z99,
  );
  return waitMs + profile.p50 * Math.exp(sigma * normalQuantile(unit));
}

/** Weighted mixture; weights need not sum to 1. */
export function mixtureOf(
  parts: { weight: number; distribution: LatencyDistribution }[],
): LatencyDistribution {
  if (parts.length === 1) return parts[0].distribution;
  const total = parts.reduce((sum, part) => sum + part.weight, 0) || 1;
  const cumulative = new Float64Array(LATENCY_BOUNDS.length + 1);
  let meanMs = 0;
  for (const { weight, distribution } of parts) {
    meanMs += (weight / total) * distribution.meanMs;
    distribution.cumulative.forEach((share, index) => {
      cumulative[index] += (weight / total) * share;
    });
  }
  cumulative[LATENCY_BOUNDS.length] = 1;
  return { cumulative, meanMs };
}

/** Standard normal distribution function (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 +
      t *
        (-0.356563782 +
          t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

const QUANTILE_STEPS = 4096;
let quantiles: Float64Array | undefined;

/** Inverse of normalCdf from a table that is made once by bisection. */
function normalQuantile(unit: number): number {
  quantiles ??= Float64Array.from({ length: QUANTILE_STEPS + 1 }, (_, index) =>
    bisect(index / QUANTILE_STEPS),
  );
  const place = Math.min(1, Math.max(0, unit)) * QUANTILE_STEPS;
  const below = Math.min(QUANTILE_STEPS - 1, Math.floor(place));
  const weight = place - below;
  return quantiles[below] * (1 - weight) + quantiles[below + 1] * weight;
}

function bisect(unit: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < unit) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
