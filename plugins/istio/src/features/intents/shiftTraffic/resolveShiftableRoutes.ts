import type { TrafficSplit } from '@istio-backstage/plugin-istio-common';
import {
  presentRouteObject,
  resolveRouteOptions,
} from '../resolveRouteOptions';
import type { RouteOption } from '../resolveRouteOptions';

/** Rules the form can edit, in Istio's order. */
export function resolveShiftableRoutes(split: TrafficSplit): RouteOption[] {
  return resolveRouteOptions(split, ({ shiftable }) => shiftable.possible);
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
