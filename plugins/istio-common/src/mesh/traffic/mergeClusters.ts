import { compareVersions } from './resolveDefaultRoute';
import { SplitDestination, TrafficRoute, Version } from './types';

/**
 * One entry per route over all clusters. Routes that say the same (object, rule, conditions, weights) are
 * put together and their pods added up; routes of the same rule that differ stay apart, each with its
 * clusters, and get the cluster in their id.
 */
export function mergeRoutes(
  perCluster: readonly (readonly TrafficRoute[])[],
): TrafficRoute[] {
  const merged = new Map<string, TrafficRoute>();
  for (const route of perCluster.flat()) {
    const key = signatureOf(route);
    const known = merged.get(key);
    merged.set(key, known ? combine(known, route) : route);
  }
  const routes = [...merged.values()];
  const counts = new Map<string, number>();
  routes.forEach(({ id }) => counts.set(id, (counts.get(id) ?? 0) + 1));
  return routes.map(route =>
    (counts.get(route.id) ?? 0) > 1
      ? { ...route, id: `${route.id}@${route.clusters.join(',')}` }
      : route,
  );
}

function signatureOf(route: TrafficRoute): string {
  const { id, host, ports, when, gateways, action, actionText } = route;
  // Where no object routes, the shares follow the pods, which differ from cluster to cluster.
  const written = route.object !== undefined;
  return JSON.stringify([
    id,
    host,
    ports,
    when,
    gateways,
    action,
    actionText,
    route.alsoSets,
    route.neverReached,
    written &&
      route.destinations.map(({ key, host: to, subset, port, configured }) => [
        key,
        to,
        subset,
        port,
        configured,
      ]),
  ]);
}

function combine(a: TrafficRoute, b: TrafficRoute): TrafficRoute {
  const keys = [
    ...new Set([...a.destinations, ...b.destinations].map(({ key }) => key)),
  ];
  const written = a.object !== undefined;
  const destinations = written
    ? a.destinations.map((destination, index) =>
        addPods(destination, b.destinations[index]),
      )
    : keys.map(key => {
        const [x, y] = [a, b].map(route =>
          route.destinations.find(destination => destination.key === key),
        );
        return x && y ? addPods(x, y) : ((x ?? y) as SplitDestination);
      });
  const ready = destinations.reduce((sum, { podsReady }) => sum + podsReady, 0);
  return {
    ...a,
    clusters: [...a.clusters, ...b.clusters],
    destinations: written
      ? destinations
      : destinations.map(destination => ({
          ...destination,
          configured: ready > 0 ? destination.podsReady / ready : 0,
        })),
    shiftable: a.shiftable.possible ? b.shiftable : a.shiftable,
  };
}

function addPods(a: SplitDestination, b: SplitDestination): SplitDestination {
  return {
    ...a,
    workloads: [...new Set([...a.workloads, ...b.workloads])],
    podsReady: a.podsReady + b.podsReady,
    podsDesired: a.podsDesired + b.podsDesired,
  };
}

/** One entry per version that the clusters define alike. */
export function mergeVersions(
  perCluster: readonly (readonly Version[])[],
): Version[] {
  const merged = new Map<string, Version>();
  for (const version of perCluster.flat()) {
    const { key, selector, definedBy, fieldPath } = version;
    const signature = JSON.stringify([
      key,
      selector,
      definedBy && [definedBy.kind, definedBy.namespace, definedBy.name],
      fieldPath,
    ]);
    const known = merged.get(signature);
    merged.set(
      signature,
      known
        ? {
            ...known,
            clusters: [...known.clusters, ...version.clusters],
            podsReady: known.podsReady + version.podsReady,
            podsDesired: known.podsDesired + version.podsDesired,
          }
        : version,
    );
  }
  return [...merged.values()].sort(compareVersions);
}
