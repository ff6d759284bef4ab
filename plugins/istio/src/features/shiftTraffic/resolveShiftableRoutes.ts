import {
  formatList,
  type TrafficRoute,
  type TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { presentObject } from '../changes/presentOutcome';

/** A route in the form's choice. */
export interface RouteOption {
  id: string;
  label: string;
  description: string;
  route: TrafficRoute;
}

/** The same route may stand in several clusters in different shape: id and clusters name it together. */
export function routeOptionId(route: TrafficRoute): string {
  return `${route.id}@${route.clusters.join(',')}`;
}

/** `VirtualService catalog/reviews http[0]`, or that no object routes the host yet. */
export function presentRouteObject(route: TrafficRoute): string {
  if (!route.object) return `No route object yet for ${route.host}`;
  return [presentObject(route.object), route.fieldPath]
    .filter(Boolean)
    .join(' ');
}

function presentWhen(route: TrafficRoute): string {
  if (route.when.length === 0) return 'any request';
  return route.when
    .map(condition => condition.map(part => part.text).join(''))
    .join(' or ');
}

/** Routes the form can edit, in Istio's order. */
export function resolveShiftableRoutes(split: TrafficSplit): RouteOption[] {
  return split.routes
    .filter(route => route.shiftable.possible)
    .map(route => ({
      id: routeOptionId(route),
      label: presentRouteObject(route),
      description: `${presentWhen(route)}, in ${formatList(route.clusters)}`,
      route,
    }));
}

/** The route to open with: the asked one, else the one the split card shows, else the first. */
export function resolveInitialRoute(
  options: RouteOption[],
  split: TrafficSplit,
  routeId?: string,
): RouteOption | undefined {
  return (
    options.find(option => option.route.id === routeId) ??
    options.find(option => option.route.id === split.primaryRouteId) ??
    options[0]
  );
}

/** Why no route can be shifted, in the words of the routes themselves. */
export function explainNothingShiftable(split: TrafficSplit): string[] {
  const reasons = split.routes.flatMap(route =>
    route.shiftable.why
      ? [`${presentRouteObject(route)}: ${route.shiftable.why}`]
      : [],
  );
  return [...new Set(reasons)];
}
