import {
  formatCount,
  formatList,
  formatPoints,
  formatQuantity,
  formatShare,
  formatWrittenShare,
} from '../../telemetry/format';
import { SplitDestination, TrafficRoute, TrafficSplit } from './types';

/** Below this many requests a comparison says nothing. */
export const MINIMUM_TO_COMPARE = 50;

/** Two-sided 99 % quantile of the normal distribution. */
const Z = 2.576;

/** A weight is met within half a point however many requests there were. */
const LEAST_TOLERANCE = 0.005;

/** Without weights the least busy pod takes a request, so shares follow pods only roughly. */
const LOAD_BALANCING_TOLERANCE = 0.1;

/**
 * How far the observed share may be from the configured one by chance: the 99 % interval of the binomial
 * distribution in its normal approximation with continuity correction, and at least half a point.
 *
 * @returns a share, 0..1
 */
export function samplingTolerance(
  configured: number,
  requests: number,
): number {
  const spread = Z * Math.sqrt((configured * (1 - configured)) / requests);
  return Math.max(LEAST_TOLERANCE, spread + 1 / (2 * requests));
}

/** Configured against observed for one route whose destinations carry what was observed. */
export function compareSplit(options: {
  route: TrafficRoute | undefined;
  /** Requests that reached one of the destinations or another version. */
  total: number;
  /** Versions that got requests although the route does not name them. */
  elsewhere: readonly { version: string; requests: number }[];
  /** Positions of other rules whose requests cannot be told from this route's. */
  mixedWith: readonly number[];
  hasData: boolean;
}): TrafficSplit['comparison'] {
  const { route, total, elsewhere, hasData } = options;
  if (!hasData || !route || route.destinations.length === 0) {
    return {
      verdict: 'unknown',
      text: hasData
        ? 'No route to compare with.'
        : 'No traffic data to compare with.',
    };
  }
  if (Math.round(total) < MINIMUM_TO_COMPARE) {
    return {
      verdict: 'notEnough',
      text:
        Math.round(total) === 0
          ? 'No requests to compare with.'
          : `Not enough traffic to compare: ${formatQuantity(
              total,
              'request',
            )}, ${MINIMUM_TO_COMPARE} are needed.`,
    };
  }
  const worst = route.destinations
    .map(destination => ({
      destination,
      excess: excessOf(destination, route, total),
    }))
    .sort((a, b) => b.excess - a.excess)[0];
  const stray = elsewhere.filter(
    ({ requests }) => requests / total > LEAST_TOLERANCE,
  );
  return worst.excess > 0 || stray.length > 0
    ? {
        verdict: 'differs',
        text: describeDifference({
          ...options,
          worst: worst.destination,
          stray,
        }),
      }
    : { verdict: 'inLine', text: describeInLine(route) };
}

/** Above 0: further off than chance explains. */
function excessOf(
  destination: SplitDestination,
  route: TrafficRoute,
  total: number,
): number {
  const tolerance = Math.max(
    samplingTolerance(destination.configured, total),
    route.object ? 0 : LOAD_BALANCING_TOLERANCE,
  );
  return Math.abs(deviationOf(destination)) - tolerance;
}

function deviationOf({ configured, observed = 0 }: SplitDestination): number {
  return observed - configured;
}

function describeInLine(route: TrafficRoute): string {
  const counts = route.destinations.map(({ observedRequests = 0 }) =>
    formatCount(observedRequests),
  );
  const off = Math.max(
    ...route.destinations.map(destination =>
      Math.abs(deviationOf(destination)),
    ),
  );
  const [only] = counts;
  return counts.length === 1
    ? `In line: all ${only} requests.`
    : `In line: ${formatList(counts)} requests, ${formatPoints(off)} off`;
}

function describeDifference(options: {
  total: number;
  worst: SplitDestination;
  stray: readonly { version: string; requests: number }[];
  mixedWith: readonly number[];
}): string {
  const { total, worst, stray, mixedWith } = options;
  const deviation = deviationOf(worst);
  const sentences =
    stray.length > 0
      ? stray.map(
          ({ version, requests }) =>
            `${version} got ${formatQuantity(
              requests,
              'request',
            )}, although this route does not send there.`,
        )
      : [
          `${worst.label} gets ${formatShare(
            worst.observed ?? 0,
          )} instead of ${formatWrittenShare(
            round(worst.configured),
          )} (${formatPoints(deviation)} ${
            deviation > 0 ? 'more' : 'less'
          }, ${formatCount(worst.observedRequests ?? 0)} of ${formatQuantity(
            total,
            'request',
          )}).`,
        ];
  if (mixedWith.length > 0) {
    sentences.push(
      `${mixedWith.length === 1 ? 'Rule' : 'Rules'} ${formatList(
        mixedWith.map(position => String(position + 1)),
      )} also ${
        mixedWith.length === 1 ? 'sends' : 'send'
      } requests, which cannot be told apart.`,
    );
  }
  return sentences.join(' ');
}

/** A third is not written with sixteen digits. */
function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
