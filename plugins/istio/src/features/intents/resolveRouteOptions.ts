import {
  formatList,
  type TrafficRoute,
  type TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { presentObject } from '../changes/presentOutcome';

/**
 * One rule of one object, wherever it stands. Clusters may hold it with other weights; the core
 * lists those apart, a form edits them together.
 */
export interface RouteOption {
  /** Stable while weights and clusters change. */
  id: string;
  label: string;
  description: string;
  /** At least one; the parts of the rule that differ between clusters. */
  routes: TrafficRoute[];
  clusters: string[];
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

/** A rule is the same in two clusters when it stands at the same place and takes the same requests. */
function identityOf(route: TrafficRoute): string {
  const { object, fieldPath, host, when } = route;
  return JSON.stringify([
    object && [object.kind, object.namespace, object.name],
    fieldPath,
    host,
    when,
  ]);
}

/** Rules that a form offers, in Istio's order. */
export function resolveRouteOptions(
  split: TrafficSplit,
  isOffered: (route: TrafficRoute) => boolean,
): RouteOption[] {
  const groups = new Map<string, TrafficRoute[]>();
  for (const route of split.routes.filter(isOffered)) {
    const id = identityOf(route);
    groups.set(id, [...(groups.get(id) ?? []), route]);
  }
  return [...groups].map(([id, routes]) => {
    const clusters = [...new Set(routes.flatMap(route => route.clusters))];
    return {
      id,
      label: presentRouteObject(routes[0]),
      description: `${presentWhen(routes[0])}, in ${formatList(clusters)}`,
      routes,
      clusters,
    };
  });
}

/** The core adds the clusters to an id once a rule differs between them. */
function hasRoute(option: RouteOption, routeId: string | undefined): boolean {
  if (routeId === undefined) return false;
  return option.routes.some(
    ({ id }) => id === routeId || id.startsWith(`${routeId}@`),
  );
}

/** The rule to open with: the asked one, else the one the split card shows, else the first. */
export function resolveInitialRoute(
  options: RouteOption[],
  split: TrafficSplit,
  routeId?: string,
): RouteOption | undefined {
  return (
    options.find(option => hasRoute(option, routeId)) ??
    options.find(option => hasRoute(option, split.primaryRouteId)) ??
    options[0]
  );
}
