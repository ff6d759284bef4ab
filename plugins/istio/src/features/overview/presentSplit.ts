import {
  formatQuantity,
  formatShare,
  formatWrittenShare,
} from '@istio-backstage/plugin-istio-common';
import type {
  SplitDestination,
  TrafficRoute,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';

/** A version's line in the traffic split card. */
export interface SplitRow {
  key: string;
  label: string;
  pods: string;
  configured: number;
  configuredText: string;
  observed?: number;
  observedText: string;
}

/** What the traffic split card says. */
export interface SplitSummary {
  /** The route the card shows; undefined: no route of the component can be shown. */
  route?: TrafficRoute;
  rows: SplitRow[];
  verdict: StatusKind;
  verdictText: string;
  /** Traffic that no proxy routes, and routes of other clusters that differ. */
  remarks: string[];
  /** Further routes of the component, which the Traffic view lists. */
  otherRoutes: number;
}

const VERDICTS: Record<TrafficSplit['comparison']['verdict'], StatusKind> = {
  inLine: 'inLine',
  differs: 'differs',
  notEnough: 'notEnough',
  unknown: 'unknown',
};

function presentRow(destination: SplitDestination): SplitRow {
  const { key, label, podsReady, podsDesired, configured, observed } =
    destination;
  return {
    key,
    label,
    pods: `${podsReady} of ${podsDesired} pods ready`,
    configured,
    configuredText: formatWrittenShare(configured),
    observed,
    observedText: observed === undefined ? 'none' : formatShare(observed),
  };
}

/** "v1 90 %, v2 10 %". */
export function presentShares(route: TrafficRoute): string {
  return route.destinations
    .map(
      ({ label, configured }) => `${label} ${formatWrittenShare(configured)}`,
    )
    .join(', ');
}

/** Where the same host is split otherwise in clusters that the shown route does not cover. */
function presentOtherClusters(
  shown: TrafficRoute,
  routes: readonly TrafficRoute[],
): string[] {
  return routes
    .filter(
      route =>
        route.id !== shown.id ||
        route.clusters.join() !== shown.clusters.join(),
    )
    .filter(
      route =>
        route.host === shown.host &&
        route.when.length === 0 &&
        !route.neverReached &&
        route.destinations.length > 0 &&
        route.clusters.every(cluster => !shown.clusters.includes(cluster)) &&
        presentShares(route) !== presentShares(shown),
    )
    .map(route => `${route.clusters.join(', ')}: ${presentShares(route)}`);
}

function presentNotRouted(split: TrafficSplit): string[] {
  return split.observed.notRouted.map(
    ({ caller, requests }) =>
      `Not counted: ${formatQuantity(
        requests,
        'request',
      )} from ${caller}. No proxy routes them, so Kubernetes picks the pod.`,
  );
}

/** Words and numbers of the traffic split card. */
export function presentSplit(split: TrafficSplit): SplitSummary {
  const route = split.routes.find(({ id }) => id === split.primaryRouteId);
  return {
    route,
    rows: route ? route.destinations.map(presentRow) : [],
    verdict: VERDICTS[split.comparison.verdict],
    verdictText: split.comparison.text,
    remarks: [
      ...presentNotRouted(split),
      ...(route ? presentOtherClusters(route, split.routes) : []),
    ],
    otherRoutes: split.routes.length - (route ? 1 : 0),
  };
}
