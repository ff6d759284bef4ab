import {
  formatCount,
  formatRate,
  formatShare,
  formatWrittenShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  ObjectRef,
  TrafficRoute,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';

/** Requests of a route in words, or which state takes their place. */
export type RouteVolume =
  | { state: 'neverReached' | 'noRequests' | 'unknown' }
  | { state: 'some'; count: string; rate: string };

/** A row of the Routes table. */
export interface RouteRow {
  route: TrafficRoute;
  number: number;
  /** Name of the rule, or its kind. */
  name: string;
  /** "v1 90 %, v2 10 %", or the action in words. */
  target: { label: string; share?: string }[] | string;
  /** "observed 89.4 % and 10.6 %". */
  observed?: string;
  volume: RouteVolume;
}

/** Routes of one object (or of Istio's default for a host), in the order Istio tries them. */
export interface RouteGroup {
  key: string;
  object?: ObjectRef;
  host: string;
  clusters: readonly string[];
  /** Gateways the rules apply to beside the mesh. */
  gateways: readonly string[];
  rows: RouteRow[];
}

const ACTIONS: Record<TrafficRoute['action'], string> = {
  route: 'Nowhere',
  redirect: 'Redirect',
  directResponse: 'Direct response',
  delegate: 'Delegated',
};

function presentTarget(route: TrafficRoute): RouteRow['target'] {
  if (route.action !== 'route') {
    return route.actionText ?? ACTIONS[route.action];
  }
  if (route.destinations.length === 0) return ACTIONS.route;
  return route.destinations.map(({ label, configured }) => ({
    label,
    share: formatWrittenShare(configured),
  }));
}

/** Observed shares, where there are several destinations and all were observed. */
function presentObserved(route: TrafficRoute): string | undefined {
  const shares = route.destinations.map(({ observed }) => observed);
  if (shares.length < 2 || shares.some(share => share === undefined)) {
    return undefined;
  }
  return `observed ${shares
    .map(share => formatShare(share ?? 0))
    .join(' and ')}`;
}

function presentVolume(route: TrafficRoute, seconds: number): RouteVolume {
  if (route.neverReached) return { state: 'neverReached' };
  if (route.requests === undefined) return { state: 'unknown' };
  if (route.requests === 0) return { state: 'noRequests' };
  return {
    state: 'some',
    count: formatCount(route.requests),
    rate: `${formatRate(route.requests / seconds)} req/s`,
  };
}

function presentName(route: TrafficRoute): string {
  if (route.name) return route.name;
  if (!route.object) return 'Default';
  return `Rule ${route.index + 1}`;
}

function groupKey(route: TrafficRoute): string {
  const { object, host, clusters, protocol } = route;
  const owner = object
    ? `${object.kind}/${object.namespace}/${object.name}`
    : `default/${host}`;
  return `${owner}/${protocol}/${clusters.join()}`;
}

/** Groups routes by the object they stand in, keeping the order of evaluation. */
export function presentRoutes(split: TrafficSplit): RouteGroup[] {
  const groups = new Map<string, RouteGroup>();
  for (const route of split.routes) {
    const key = groupKey(route);
    const group: RouteGroup = groups.get(key) ?? {
      key,
      object: route.object,
      host: route.host,
      clusters: route.clusters,
      gateways: route.gateways.filter(gateway => gateway !== 'mesh'),
      rows: [],
    };
    groups.set(key, group);
    group.rows.push({
      route,
      number: group.rows.length + 1,
      name: presentName(route),
      target: presentTarget(route),
      observed: presentObserved(route),
      volume: presentVolume(route, split.observed.seconds),
    });
  }
  return [...groups.values()];
}
