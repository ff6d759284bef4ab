import type { EntityMatch } from '../entity/types';
import { bindIntent } from '../intents/bindIntent';
import type { Intent } from '../intents/intent';
import type { IntentTarget } from '../intents/types';
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
  const targets = namedBy(intent);
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
      ) ?? pairs.find(({ routeAfter }) => isNamed(routeAfter, targets));
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

/**
 * The same rule, which a rule put above it moves to another place; where it is new or was the only one,
 * what the host's callers had instead.
 */
function findCounterpart(
  route: TrafficRoute,
  was: TrafficRoute[],
  is: TrafficRoute[],
): TrafficRoute | undefined {
  const takesTheSame = ({ host, when, gateways }: TrafficRoute) =>
    host === route.host &&
    conditionsOf(when) === conditionsOf(route.when) &&
    gateways.join() === route.gateways.join();
  const same =
    was.find(other => other.id === route.id && takesTheSame(other)) ??
    was.find(other => isOfObject(other, route) && takesTheSame(other));
  if (same) {
    return same;
  }
  const gone = was.filter(
    other =>
      other.host === route.host &&
      !is.some(
        left =>
          left.host === other.host &&
          isOfObject(left, other) &&
          conditionsOf(left.when) === conditionsOf(other.when),
      ),
  );
  return route.when.length === 0
    ? gone.find(({ when }) => when.length === 0) ?? gone[0]
    : gone.find(({ when }) => when.length > 0);
}

function isOfObject(left: TrafficRoute, right: TrafficRoute): boolean {
  const nameOf = ({ object }: TrafficRoute) =>
    object && `${object.kind}/${object.namespace}/${object.name}`;
  return nameOf(left) === nameOf(right);
}

function conditionsOf(when: TrafficRoute['when']): string {
  return JSON.stringify(when);
}

function sharesOf(route: TrafficRoute): string {
  return JSON.stringify(
    route.destinations
      .map(({ key, configured }) => [key, configured])
      .filter(([, configured]) => configured !== 0),
  );
}

/** What an intent that shares out requests names: its route is shown where nothing changes too. */
function namedBy(intent: Intent | undefined): IntentTarget[] {
  const bound = intent && bindIntent(intent);
  if (!bound?.sharesRequests) {
    return [];
  }
  const routes = bound.targets.filter(({ kind }) => kind === 'route');
  return routes.length > 0 ? routes : bound.targets;
}

function isNamed(route: TrafficRoute, targets: IntentTarget[]): boolean {
  return targets.some(target => {
    if (target.kind === 'service') {
      return route.host.startsWith(`${target.name}.${target.namespace}.svc.`);
    }
    if (target.kind === 'object') {
      return false;
    }
    const { kind, namespace, name, fieldPath } = target.route;
    return (
      route.object?.kind === kind &&
      route.object.namespace === namespace &&
      route.object.name === name &&
      route.fieldPath === fieldPath
    );
  });
}
