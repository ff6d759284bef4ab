import type { EntityMatch } from '../entity/types';
import type { Intent } from '../intents/types';
import { resolveRoutes } from '../mesh/traffic/resolveRoutes';
import type { SplitDestination, TrafficRoute } from '../mesh/traffic/types';
import type { MeshSnapshot } from '../snapshot/types';
import { simulatePlan } from './simulatePlan';
import type { Plan } from './types';

/** How a plan shares out one route's requests in one cluster. */
export interface ClusterShift {
  cluster: string;
  before: MeshSnapshot;
  after: MeshSnapshot;
  /** The rule before; where the plan creates it, the spreading over all pods. */
  routeBefore: TrafficRoute;
  routeAfter: TrafficRoute;
}

/** A version in one cluster. Shares are 0..1. */
export interface VersionShift {
  key: string;
  label: string;
  before: number;
  after: number;
  podsReady: number;
}

/**
 * The route of the component that changes, per cluster: the rule whose destinations or shares differ
 * once the plan is applied, or the one the intent names where nothing differs.
 */
export function findShifts(options: {
  plan: Plan;
  intent?: Intent;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
}): ClusterShift[] {
  const { plan, intent, match, snapshots } = options;
  return snapshots.flatMap(before => {
    const after = simulatePlan(before, plan);
    const was = routesOf(before, match);
    const is = routesOf(after, match);
    const pairs = is.flatMap(routeAfter => {
      const routeBefore = findCounterpart(routeAfter, was, is);
      return routeBefore ? [{ routeBefore, routeAfter }] : [];
    });
    const chosen =
      pairs.find(
        pair => sharesOf(pair.routeBefore) !== sharesOf(pair.routeAfter),
      ) ?? pairs.find(({ routeAfter }) => isNamed(routeAfter, intent));
    return chosen
      ? [{ cluster: before.cluster, before, after, ...chosen }]
      : [];
  });
}

/** Versions of a shift, in the route's order; those that are gone afterwards come last. */
export function versionsOf(shift: ClusterShift): VersionShift[] {
  const find = (route: TrafficRoute, key: string) =>
    route.destinations.find(destination => destination.key === key);
  const { routeBefore, routeAfter } = shift;
  const keys = new Set(
    [...routeAfter.destinations, ...routeBefore.destinations].map(
      ({ key }) => key,
    ),
  );
  return [...keys].map(key => {
    const after = find(routeAfter, key);
    const before = find(routeBefore, key);
    const { label, podsReady } = (after ?? before) as SplitDestination;
    return {
      key,
      label,
      podsReady,
      before: before?.configured ?? 0,
      after: after?.configured ?? 0,
    };
  });
}

function routesOf(snapshot: MeshSnapshot, match: EntityMatch): TrafficRoute[] {
  return resolveRoutes(snapshot, match).routes.filter(
    ({ action }) => action === 'route',
  );
}

/** The same rule; where it is new or was the only one, what the host's callers had instead. */
function findCounterpart(
  route: TrafficRoute,
  was: TrafficRoute[],
  is: TrafficRoute[],
): TrafficRoute | undefined {
  const same = was.find(
    ({ id, host }) => id === route.id && host === route.host,
  );
  if (same) {
    return same;
  }
  const gone = was.filter(
    ({ id, host }) =>
      host === route.host &&
      !is.some(other => other.id === id && other.host === host),
  );
  return gone.find(({ when }) => when.length === 0) ?? gone[0];
}

function sharesOf(route: TrafficRoute): string {
  return JSON.stringify(
    route.destinations
      .map(({ key, configured }) => [key, configured])
      .filter(([, configured]) => configured !== 0),
  );
}

function isNamed(route: TrafficRoute, intent: Intent | undefined): boolean {
  const named = intent?.params.route;
  return named
    ? route.object?.kind === named.kind &&
        route.object.namespace === named.namespace &&
        route.object.name === named.name &&
        route.fieldPath === named.fieldPath
    : intent !== undefined &&
        route.host.startsWith(
          `${intent.params.service}.${intent.params.namespace}.svc.`,
        );
}
