import { EntityMatch } from '../../entity/types';
import { formatTime } from '../../telemetry/format';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { versionOfLabels, readWorkload } from '../../resources/workload';
import { compareSplit } from './compareSplit';
import { mergeRoutes, mergeVersions } from './mergeClusters';
import { observeRoutes, rivals } from './observeRoutes';
import { ObservedSplit } from './observeSplit';
import { resolveRoutes } from './resolveRoutes';
import { resolveVersions } from './resolveVersions';
import { newestChange } from './routeChangedAt';
import { RouteChange, timeChange } from './timeChange';
import { TrafficRoute, TrafficSplit } from './types';

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
  const counted = observations.filter(({ error }) => error === undefined);
  const { routes, primary } = observeRoutes({
    ...options,
    observations: counted,
    routes: mergeRoutes(perCluster.map(cluster => cluster.routes)),
  });
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
    routes,
    versions: mergeVersions(found.map(cluster => cluster.versions)),
    observed: {
      requests: primary?.split.total ?? 0,
      seconds: Math.max(0, ...counted.map(({ window }) => window.seconds)),
      ...(change.since === undefined
        ? {}
        : { sinceChange: new Date(change.since).toISOString() }),
      notRouted: primary?.split.notRouted ?? [],
    },
    comparison: compare({
      shown: primary?.route,
      split: primary?.split,
      routes,
      snapshots,
      counted,
      change,
      unread,
    }),
  };
  return primary ? { ...result, primaryRouteId: primary.route.id } : result;
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
