import type {
  SplitDestination,
  TrafficRoute,
  TrafficSplit,
  Version,
} from '@istio-backstage/plugin-istio-common';

/** One version in the form. Weights are whole percents, as the intent takes them. */
export interface VersionRow {
  key: string;
  label: string;
  podsReady: number;
  /** 0..1, exactly as configured now; the mark on the slider. */
  today: number;
  /** `today` as a whole percent; all rows together sum to 100. */
  todayPercent: number;
  /** The route names this version already. */
  inRoute: boolean;
}

/**
 * Whole percents that sum to 100, by largest remainder; ties go to the earlier one. All zero
 * shares (a route that Istio answers with an error) stay zero.
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

/** The route's versions in its order, then those the component has and the route does not name yet. */
export function resolveVersionRows(
  route: TrafficRoute,
  split: TrafficSplit,
): VersionRow[] {
  const percents = roundToPercents(
    route.destinations.map(destination => destination.configured),
  );
  const named: VersionRow[] = route.destinations.map((destination, index) => ({
    key: destination.key,
    label: destination.label,
    podsReady: destination.podsReady,
    today: destination.configured,
    todayPercent: percents[index],
    inRoute: true,
  }));
  const others: VersionRow[] = split.versions
    .filter(
      version =>
        version.clusters.some(cluster => route.clusters.includes(cluster)) &&
        !route.destinations.some(destination =>
          isNamedBy(version, destination),
        ),
    )
    .map(version => ({
      key: version.key,
      label: version.label,
      podsReady: version.podsReady,
      today: 0,
      todayPercent: 0,
      inRoute: false,
    }));
  return [...named, ...others];
}

/** Requests per second that the route takes; undefined when telemetry cannot tell. */
export function resolveRouteRate(
  route: TrafficRoute,
  split: TrafficSplit,
): number | undefined {
  const { seconds } = split.observed;
  if (seconds <= 0) return undefined;
  const counted = route.destinations.filter(
    destination => destination.observedRequests !== undefined,
  );
  if (counted.length > 0) {
    const requests = counted.reduce(
      (sum, destination) => sum + (destination.observedRequests ?? 0),
      0,
    );
    return requests / seconds;
  }
  return route.requests === undefined ? undefined : route.requests / seconds;
}
