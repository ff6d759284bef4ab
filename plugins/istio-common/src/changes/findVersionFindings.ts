import { resolveDestinationRule } from '../mesh/traffic/resolveDestinationRule';
import type { SplitDestination, TrafficRoute } from '../mesh/traffic/types';
import { serviceOfHost } from '../resources/host';
import { isKnown } from '../snapshot/readiness';
import type { MeshSnapshot } from '../snapshot/types';
import type { ClusterShift } from './findShifts';
import type { ChangePreview, Finding } from './types';

/** A finding with what makes it the same one before and after. */
interface KeyedFinding extends Finding {
  key: string;
}

/**
 * What the plan adds and clears: versions with traffic and no or one ready pod, subsets nobody
 * defines, versions without traffic. Findings that stay are in neither list.
 */
export function findVersionFindings(
  shifts: ClusterShift[],
): ChangePreview['findings'] {
  const where = (cluster: string) =>
    shifts.length > 1 ? ` in ${cluster}` : '';
  const judge = (at: 'before' | 'after') =>
    shifts.flatMap(shift =>
      judgeRoute({
        snapshot: shift[at],
        route: at === 'before' ? shift.routeBefore : shift.routeAfter,
        where: where(shift.cluster),
      }),
    );
  const before = judge('before');
  const after = judge('after');
  const without = (these: KeyedFinding[], others: KeyedFinding[]): Finding[] =>
    these
      .filter(({ key }) => !others.some(other => other.key === key))
      .map(({ key: _, ...finding }) => finding);
  return { added: without(after, before), cleared: without(before, after) };
}

function judgeRoute(options: {
  snapshot: MeshSnapshot;
  route: TrafficRoute;
  where: string;
}): KeyedFinding[] {
  const { snapshot, route, where } = options;
  return route.destinations.flatMap(destination => {
    const found = judgeDestination(snapshot, destination, where);
    return found
      ? [
          {
            ...found,
            key: `${snapshot.cluster}\n${found.code}\n${destination.key}`,
            ...(route.object && { object: route.object }),
            ...(route.fieldPath && { fieldPath: route.fieldPath }),
          },
        ]
      : [];
  });
}

function judgeDestination(
  snapshot: MeshSnapshot,
  destination: SplitDestination,
  where: string,
): Finding | undefined {
  const { label, configured, podsReady, subset } = destination;
  const share = `${Math.round(configured * 1000) / 10} %`;
  if (configured === 0) {
    return {
      code: 'versionWithoutTraffic',
      severity: 'info',
      text: `${label} gets no traffic${where}.`,
    };
  }
  if (subset !== undefined && !isDefined(snapshot, destination)) {
    return {
      code: 'subsetNotDefined',
      severity: 'error',
      text: `No DestinationRule defines subset ${subset}${where}. ${share} of requests would fail with 503.`,
    };
  }
  if (!isKnown(snapshot, 'Pod') || podsReady > 1) {
    return undefined;
  }
  return podsReady === 0
    ? {
        code: 'versionWithoutReadyPods',
        severity: 'error',
        text: `${label} has no ready pods${where}. ${share} of requests would fail.`,
      }
    : {
        code: 'versionWithOnePod',
        severity: 'warning',
        text: `${label} has one ready pod${where}. A restart stops ${share} of requests.`,
      };
}

function isDefined(
  snapshot: MeshSnapshot,
  { host, subset }: SplitDestination,
): boolean {
  const service = serviceOfHost(host, snapshot.domain);
  const rule = resolveDestinationRule({
    snapshot,
    host,
    serviceNamespace: service?.namespace,
    clientNamespace: service?.namespace ?? snapshot.rootNamespace,
  });
  return rule?.subsets.some(({ name }) => name === subset) ?? false;
}
