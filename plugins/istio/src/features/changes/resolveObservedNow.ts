import type {
  Change,
  TrafficRoute,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';

/** A rule that differs between clusters is listed once for each; its observed shares are theirs alone. */
function coversClusters(change: Change, route: TrafficRoute): boolean {
  return change.operations.every(({ object }) =>
    route.clusters.includes(object.cluster),
  );
}

function isRouteOf(change: Change, route: TrafficRoute): boolean {
  return change.operations.some(
    ({ object }) =>
      route.object?.kind === object.kind &&
      route.object.namespace === object.namespace &&
      route.object.name === object.name,
  );
}

/**
 * Observed share by version key of the route that a change edited, as it is now; empty when the
 * component's traffic does not say. The record itself holds only what was observed at that time.
 */
export function resolveObservedNow(
  change: Change,
  split: TrafficSplit | undefined,
): Map<string, number> {
  if (!split) return new Map();
  const keys = new Set(change.versions.map(version => version.key));
  const routes = split.routes.filter(
    route =>
      isRouteOf(change, route) &&
      coversClusters(change, route) &&
      route.destinations.some(destination => keys.has(destination.key)),
  );
  const route =
    routes.find(({ id }) => id === split.primaryRouteId) ??
    routes.find(({ destinations }) => destinations.length > 1) ??
    routes[0];
  return new Map(
    route?.destinations.flatMap(destination =>
      destination.observed === undefined
        ? []
        : [[destination.key, destination.observed] as const],
    ),
  );
}
