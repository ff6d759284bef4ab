import { EntityMatch } from '../../entity/types';
import { formatTime } from '../../telemetry/format';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { versionOfLabels, readWorkload } from '../../resources/workload';
import { compareSplit } from './compareSplit';
import { mergeRoutes, mergeVersions } from './mergeClusters';
import { ObservedSplit, observeSplit } from './observeSplit';
import { resolveRoutes } from './resolveRoutes';
import { resolveVersions } from './resolveVersions';
import { newestChange } from './routeChangedAt';
import { TrafficRoute, TrafficSplit } from './types';

/** A window that starts this close to the change was cut to start at it. */
const START_SLACK_MS = 5_000;

/**
 * Where a component's traffic goes: its routes in the order Istio evaluates them, its versions, and what
 * was observed of both. Give observations that start at `routeChangedAt` to compare with the present
 * weights; when they start earlier the comparison says so instead of judging.
 */
export function resolveTrafficSplit(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  /** The window a person asked for, when the observations may be shorter: seconds. */
  windowSeconds?: number;
}): TrafficSplit {
  const { match, snapshots, observations } = options;
  const perCluster = snapshots.map(snapshot => resolveRoutes(snapshot, match));
  const found = snapshots.map(snapshot => resolveVersions(snapshot, match));
  const versions = mergeVersions(found.map(cluster => cluster.versions));
  const routes = mergeRoutes(perCluster.map(cluster => cluster.routes));
  const counted = observations.filter(({ error }) => error === undefined);
  const observed = new Map<TrafficRoute, ObservedSplit>();
  for (const group of groupRoutes(routes)) {
    const split = observeSplit({
      ...options,
      observations: counted.filter(({ cluster }) =>
        group[0].clusters.includes(cluster),
      ),
      routes: routes.filter(route => compete(route, group[0])),
    });
    group.forEach(route => observed.set(route, split));
  }
  const primary = choosePrimary(routes, observed);
  const filled = routes.map(route =>
    fillIn(route, { routes, observed, primary, snapshots }),
  );
  const shown = primary && filled[routes.indexOf(primary)];
  const split = primary && observed.get(primary);
  const seconds = Math.max(0, ...counted.map(({ window }) => window.seconds));
  const change = timeChange({
    changedAt: newestChange(
      [...perCluster, ...found].flatMap(({ objects }) => objects),
    ),
    observations: counted,
    windowSeconds: options.windowSeconds,
  });
  const unread = perCluster.flatMap(({ unread: kinds }, index) =>
    kinds.map(kind => `${kind}s of ${snapshots[index].cluster}`),
  );
  const result: TrafficSplit = {
    routes: filled,
    versions,
    observed: {
      requests: split?.total ?? 0,
      seconds,
      ...(change.since === undefined
        ? {}
        : { sinceChange: new Date(change.since).toISOString() }),
      notRouted: split?.notRouted ?? [],
    },
    comparison: compare({
      shown,
      split,
      routes: filled,
      snapshots,
      counted,
      change,
      unread,
    }),
  };
  return shown ? { ...result, primaryRouteId: shown.id } : result;
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
  return `${route.host}\n${isMesh(route) ? 'mesh' : route.gateways.join()}`;
}

/** Whether both take requests for one host in one cluster. */
function compete(a: TrafficRoute, b: TrafficRoute): boolean {
  return (
    scopeOf(a) === scopeOf(b) &&
    a.clusters.some(cluster => b.clusters.includes(cluster))
  );
}

function isMesh(route: TrafficRoute): boolean {
  return route.gateways.includes('mesh');
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

/** Reachable rules that take requests from the same group. */
function rivals(
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

/**
 * Puts the observation into the route. Telemetry does not name the rule, so it goes to the primary route,
 * and to a route that is the only one of its host; its request count to the latter alone.
 */
function fillIn(
  route: TrafficRoute,
  context: {
    routes: readonly TrafficRoute[];
    observed: ReadonlyMap<TrafficRoute, ObservedSplit>;
    primary: TrafficRoute | undefined;
    snapshots: readonly MeshSnapshot[];
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

interface RouteChange {
  /** The counts start at this change. */
  since?: number;
  /** The route changed inside the window: older requests went by another route. */
  inside?: number;
}

function timeChange(options: {
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

function compare(options: {
  shown: TrafficRoute | undefined;
  split: ObservedSplit | undefined;
  routes: readonly TrafficRoute[];
  snapshots: readonly MeshSnapshot[];
  counted: readonly TrafficObservation[];
  change: RouteChange;
  unread: readonly string[];
}): TrafficSplit['comparison'] {
  const { shown, split, routes, snapshots, counted, change, unread } = options;
  if (unread.length > 0) {
    return {
      verdict: 'unknown',
      text: `${unread.join(', ')} could not be read, so routes may be missing.`,
    };
  }
  if (change.inside !== undefined) {
    return {
      verdict: 'notEnough',
      text: `The route changed at ${formatTime(
        change.inside,
      )}: older requests went by another one, so the counts do not compare yet.`,
    };
  }
  return compareSplit({
    route: shown,
    total: split?.total ?? 0,
    elsewhere: shown && split ? findElsewhere(shown, split, snapshots) : [],
    mixedWith: shown ? rivals(shown, routes).map(({ index }) => index) : [],
    hasData: counted.length > 0,
  });
}

/** Versions with requests that none of the route's destinations covers. */
function findElsewhere(
  route: TrafficRoute,
  split: ObservedSplit,
  snapshots: readonly MeshSnapshot[],
): { version: string; requests: number }[] {
  const named = new Set(
    route.destinations.flatMap(({ workloads }) => workloads),
  );
  return [...split.byWorkload]
    .filter(([workload]) => !named.has(workload))
    .map(([workload, requests]) => ({
      version: versionOf(workload, route, snapshots) ?? workload,
      requests,
    }));
}

function versionOf(
  workload: string,
  route: TrafficRoute,
  snapshots: readonly MeshSnapshot[],
): string | undefined {
  const namespace = route.host.split('.')[1] ?? '';
  for (const snapshot of snapshots) {
    const object = snapshot.workload({
      kind: 'Deployment',
      namespace,
      name: workload,
    });
    if (object) {
      return versionOfLabels(readWorkload(object).labels);
    }
  }
  return undefined;
}
