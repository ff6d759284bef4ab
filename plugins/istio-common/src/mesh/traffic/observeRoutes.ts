import { EntityMatch } from '../../entity/types';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { ObservedSplit, observeSplit, sharesConnections } from './observeSplit';
import { TrafficRoute } from './types';

/** Routes with what was observed of them. */
export interface ObservedRoutes {
  routes: TrafficRoute[];
  /** The route the card shows, and the requests of its host. */
  primary?: { route: TrafficRoute; split: ObservedSplit };
}

/**
 * Puts observations into routes. Telemetry does not name the rule, so what was observed of a host goes to
 * the primary route, and to a route that is the only one of its host.
 */
export function observeRoutes(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  /** Without those that failed. */
  observations: readonly TrafficObservation[];
  routes: readonly TrafficRoute[];
}): ObservedRoutes {
  const { observations, routes } = options;
  const observed = new Map<TrafficRoute, ObservedSplit>();
  for (const group of groupRoutes(routes)) {
    const split = observeSplit({
      ...options,
      observations: observations.filter(({ cluster }) =>
        group[0].clusters.includes(cluster),
      ),
      routes: routes.filter(route => compete(route, group[0])),
    });
    group.forEach(route => observed.set(route, split));
  }
  const primary = choosePrimary(routes, observed);
  const filled = routes.map(route =>
    fillIn(route, { routes, observed, primary }),
  );
  const split = primary && observed.get(primary);
  return primary && split
    ? {
        routes: filled,
        primary: { route: filled[routes.indexOf(primary)], split },
      }
    : { routes: filled };
}

/** Routes for the same requests in the same clusters; a rule that differs between clusters is apart in each. */
function groupRoutes(routes: readonly TrafficRoute[]): TrafficRoute[][] {
  const groups = new Map<string, TrafficRoute[]>();
  for (const route of routes) {
    const key = groupKey(route);
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()];
}

function groupKey(route: TrafficRoute): string {
  return `${scopeOf(route)}\n${route.clusters.join()}`;
}

function scopeOf(route: TrafficRoute): string {
  return [
    route.host,
    isMesh(route) ? 'mesh' : route.gateways.join(),
    sharesConnections(route) ? 'connections' : 'requests',
  ].join('\n');
}

/** Whether both take requests for one host in one cluster. */
function compete(a: TrafficRoute, b: TrafficRoute): boolean {
  return (
    scopeOf(a) === scopeOf(b) &&
    a.clusters.some(cluster => b.clusters.includes(cluster))
  );
}

function isMesh(route: TrafficRoute): boolean {
  return route.gateways.includes(MESH_GATEWAY);
}

/**
 * The last reachable rule without condition, else the first with several destinations, of the host that
 * matters most: with several destinations, with requests, for callers inside the mesh.
 */
function choosePrimary(
  routes: readonly TrafficRoute[],
  observed: ReadonlyMap<TrafficRoute, ObservedSplit>,
): TrafficRoute | undefined {
  const candidates = groupRoutes(routes).flatMap(group => {
    const open = group.filter(
      route => route.action === 'route' && !route.neverReached,
    );
    const unconditional = open.filter(({ when }) => when.length === 0);
    const chosen =
      unconditional[unconditional.length - 1] ??
      open.find(({ destinations }) => destinations.length > 1) ??
      open[0];
    return chosen ? [chosen] : [];
  });
  const rank = (route: TrafficRoute) => {
    const total = observed.get(route)?.total ?? 0;
    return [
      Number(route.destinations.length > 1),
      Number(total > 0),
      Number(isMesh(route)),
      Number(route.when.length === 0),
      Number(route.object !== undefined),
      route.clusters.length,
      total,
    ];
  };
  return candidates.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    const index = x.findIndex((value, at) => value !== y[at]);
    return index < 0 ? 0 : y[index] - x[index];
  })[0];
}

/** Reachable rules that take requests for the same host. */
export function rivals(
  route: TrafficRoute,
  routes: readonly TrafficRoute[],
): TrafficRoute[] {
  return routes.filter(
    other =>
      other.id !== route.id &&
      compete(other, route) &&
      other.action === 'route' &&
      !other.neverReached,
  );
}

/** A route's own count is known only where no other rule takes requests of its host. */
function fillIn(
  route: TrafficRoute,
  context: {
    routes: readonly TrafficRoute[];
    observed: ReadonlyMap<TrafficRoute, ObservedSplit>;
    primary: TrafficRoute | undefined;
  },
): TrafficRoute {
  const { routes, observed, primary } = context;
  const split = observed.get(route);
  const only = rivals(route, routes).length === 0;
  if (
    !split ||
    route.action !== 'route' ||
    route.neverReached ||
    !(only || route === primary)
  ) {
    return route;
  }
  const filled: TrafficRoute = {
    ...route,
    destinations: route.destinations.map(destination => {
      if (split.total <= 0) {
        return destination;
      }
      const requests = requestsTo(destination, route, split);
      return {
        ...destination,
        observedRequests: requests,
        observed: requests / split.total,
      };
    }),
  };
  return only && split.total > 0
    ? { ...filled, requests: split.total }
    : filled;
}

/** By workload where the destination's pods are known, else by version. */
function requestsTo(
  destination: TrafficRoute['destinations'][number],
  route: TrafficRoute,
  split: ObservedSplit,
): number {
  const { workloads, version } = destination;
  if (workloads.length > 0) {
    const sum = workloads.reduce(
      (total, name) => total + (split.byWorkload.get(name) ?? 0),
      0,
    );
    // Two destinations over the same pods cannot be told apart by them.
    const shared = route.destinations.some(
      other =>
        other !== destination &&
        other.workloads.some(name => workloads.includes(name)),
    );
    if (!shared) {
      return sum;
    }
  }
  const name = version ?? destination.subset;
  return name === undefined ? 0 : split.byVersion.get(name) ?? 0;
}
