import { TrafficObservation } from '../../telemetry/types';

/** A window that starts this close to the change was cut to start at it. */
const START_SLACK_MS = 5_000;

/** How the last change of the route lies to the window. Epoch milliseconds. */
export interface RouteChange {
  /** The counts start at this change. */
  since?: number;
  /** The route changed inside the window: older requests went by another route. */
  inside?: number;
}

/** Holds the time of the last change against the longest window of the observations. */
export function timeChange(options: {
  changedAt: number | undefined;
  observations: readonly TrafficObservation[];
  windowSeconds: number | undefined;
}): RouteChange {
  const { changedAt, observations, windowSeconds } = options;
  if (changedAt === undefined || observations.length === 0) {
    return {};
  }
  const { to, seconds } = observations.reduce((longest, { window }) =>
    window.seconds > longest.window.seconds ? { ...longest, window } : longest,
  ).window;
  const from = to - seconds * 1000;
  if (changedAt > from + START_SLACK_MS) {
    return changedAt <= to ? { inside: changedAt } : {};
  }
  const shortened =
    windowSeconds === undefined
      ? changedAt >= from - START_SLACK_MS
      : seconds < windowSeconds && changedAt > to - windowSeconds * 1000;
  return shortened ? { since: changedAt } : {};
}
