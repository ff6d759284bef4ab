import {
  formatList,
  type SplitDestination,
  type TrafficRoute,
  type TrafficSplit,
  type Version,
} from '@istio-backstage/plugin-istio-common';
import type { RouteOption } from '../resolveRouteOptions';

/** One version in the form. Weights are whole percents, as the intent takes them. */
export interface VersionRow {
  key: string;
  label: string;
  podsReady: number;
  /** 0..1 as configured now, in most clusters of the rule; the mark on the slider. */
  today: number;
  /** `today` as a whole percent; all rows together sum to 100. */
  todayPercent: number;
  /** 0..1 of the requests that it takes now, for rates. */
  now: number;
  /** 0..1; undefined when nothing was observed or clusters differ. */
  observed?: number;
  /** The rule names this version already. */
  inRoute: boolean;
}

/**
 * Whole percents that sum to 100, by largest remainder; ties go to the earlier one. All zero
 * shares (a rule that Istio answers with an error) stay zero.
 */
export function roundToPercents(shares: number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total <= 0) return shares.map(() => 0);
  const exact = shares.map(share => (share / total) * 100);
  const rounded = exact.map(Math.floor);
  const missing = 100 - rounded.reduce((sum, value) => sum + value, 0);
  exact
    .map((value, index) => ({ index, rest: value - rounded[index] }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
    .slice(0, missing)
    .forEach(({ index }) => {
      rounded[index] += 1;
    });
  return rounded;
}

function isNamedBy(version: Version, destination: SplitDestination): boolean {
  return (
    version.key === destination.key ||
    (destination.version !== undefined &&
      destination.version === version.selector.version) ||
    (destination.subset === undefined && destination.version === version.label)
  );
}

function shareOf(route: TrafficRoute, key: string): number {
  return (
    route.destinations.find(destination => destination.key === key)
      ?.configured ?? 0
  );
}

/** Where clusters differ, the form starts from what most of them have and says the rest in words. */
function mostCommon(routes: TrafficRoute[]): TrafficRoute {
  return routes.reduce((best, route) =>
    route.clusters.length > best.clusters.length ? route : best,
  );
}

function rowOf(key: string, option: RouteOption): VersionRow {
  const { routes } = option;
  const named = routes.flatMap(route =>
    route.destinations.filter(destination => destination.key === key),
  );
  const today = shareOf(mostCommon(routes), key);
  const observed = routes.length === 1 ? named[0].observed : undefined;
  return {
    key,
    label: named[0].label,
    podsReady: named.reduce((sum, { podsReady }) => sum + podsReady, 0),
    today,
    todayPercent: 0,
    // Pods of several clusters added up do not say how many requests each cluster gets.
    now: routes[0].object ? today : observed ?? today,
    observed,
    inRoute: true,
  };
}

/** The rule's versions in its order, then those the component has and the rule does not name yet. */
export function resolveVersionRows(
  option: RouteOption,
  split: TrafficSplit,
): VersionRow[] {
  const destinations = option.routes.flatMap(route => route.destinations);
  const keys = [...new Set(destinations.map(({ key }) => key))];
  const named = keys.map(key => rowOf(key, option));
  const percents = roundToPercents(named.map(row => row.today));
  const others = split.versions.filter(
    version =>
      version.clusters.some(cluster => option.clusters.includes(cluster)) &&
      !destinations.some(destination => isNamedBy(version, destination)),
  );
  return [
    ...named.map((row, index) => ({ ...row, todayPercent: percents[index] })),
    ...others.map(({ key, label, podsReady }) => ({
      key,
      label,
      podsReady,
      today: 0,
      todayPercent: 0,
      now: 0,
      inRoute: false,
    })),
  ];
}

/** Requests per second that the rule takes in all its clusters; undefined when telemetry cannot tell. */
export function resolveRouteRate(
  option: RouteOption,
  split: TrafficSplit,
): number | undefined {
  const { seconds } = split.observed;
  if (seconds <= 0 || option.routes.length !== 1) return undefined;
  const [route] = option.routes;
  const counted = route.destinations.flatMap(({ observedRequests }) =>
    observedRequests === undefined ? [] : [observedRequests],
  );
  if (counted.length > 0) {
    return counted.reduce((sum, requests) => sum + requests, 0) / seconds;
  }
  return route.requests === undefined ? undefined : route.requests / seconds;
}

/** Whether such percents differ from what some cluster of the rule has now. */
export function differsFromToday(
  option: RouteOption,
  percentOf: (key: string) => number | undefined,
): boolean {
  return option.routes.some(route => {
    const now = roundToPercents(
      route.destinations.map(({ configured }) => configured),
    );
    return route.destinations.some(
      ({ key }, index) => percentOf(key) !== now[index],
    );
  });
}

/** `prod-eu has 60 / 40 / 0, prod-us and staging have 80 / 20 / 0`; undefined where all agree. */
export function presentDifferences(
  option: RouteOption,
  rows: VersionRow[],
): string | undefined {
  if (option.routes.length < 2) return undefined;
  return option.routes
    .map(route => {
      const named = rows.filter(row => row.inRoute);
      const percents = roundToPercents(
        named.map(({ key }) => shareOf(route, key)),
      );
      const verb = route.clusters.length === 1 ? 'has' : 'have';
      return `${formatList(route.clusters)} ${verb} ${percents.join(' / ')}`;
    })
    .join(', ');
}
