import { resolveDestinationRule } from '../mesh/traffic/resolveDestinationRule';
import type { SplitDestination, TrafficRoute } from '../mesh/traffic/types';
import { serviceOfHost } from '../resources/host';
import { isKnown } from '../snapshot/readiness';
import type { MeshSnapshot } from '../snapshot/types';
import { formatList } from '../telemetry/format';
import type { ClusterShift } from './findShifts';
import type { ChangePreview, Finding } from './types';

/** A finding of one cluster, with what makes it the same one before and after. */
interface ClusterFinding extends Omit<Finding, 'text'> {
  key: string;
  cluster: string;
  /** @param where - empty, or " in prod-eu". */
  say(where: string): string;
}

/**
 * What the plan adds and clears: versions with traffic and no or one ready pod, subsets nobody
 * defines, versions without traffic. Findings that stay are in neither list; clusters that say the
 * same share one.
 */
export function findVersionFindings(
  shifts: ClusterShift[],
): ChangePreview['findings'] {
  const judge = (at: 'before' | 'after') =>
    shifts.flatMap(shift =>
      judgeRoute(
        shift[at],
        at === 'before' ? shift.routeBefore : shift.routeAfter,
      ),
    );
  const before = judge('before');
  const after = judge('after');
  const without = (these: ClusterFinding[], others: ClusterFinding[]) =>
    mergeClusters(
      these.filter(({ key }) => !others.some(other => other.key === key)),
      shifts.length > 1,
    );
  return { added: without(after, before), cleared: without(before, after) };
}

function mergeClusters(
  findings: ClusterFinding[],
  nameClusters: boolean,
): Finding[] {
  const groups = new Map<string, ClusterFinding[]>();
  for (const finding of findings) {
    const same = `${finding.code}\n${finding.say('')}`;
    groups.set(same, [...(groups.get(same) ?? []), finding]);
  }
  return [...groups.values()].map(group => {
    const [{ key: _, cluster: __, say, ...finding }] = group;
    const names = formatList(group.map(({ cluster }) => cluster));
    return { ...finding, text: say(nameClusters ? ` in ${names}` : '') };
  });
}

function judgeRoute(
  snapshot: MeshSnapshot,
  route: TrafficRoute,
): ClusterFinding[] {
  const { cluster } = snapshot;
  return route.destinations.flatMap(destination => {
    const found = judgeDestination(snapshot, destination);
    return found
      ? [
          {
            ...found,
            cluster,
            key: `${cluster}\n${found.code}\n${destination.key}`,
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
): Pick<ClusterFinding, 'code' | 'severity' | 'say'> | undefined {
  const { label, configured, podsReady, subset } = destination;
  const share = `${Math.round(configured * 1000) / 10} %`;
  if (configured === 0) {
    return {
      code: 'versionWithoutTraffic',
      severity: 'info',
      say: where => `${label} gets no traffic${where}.`,
    };
  }
  if (subset !== undefined && !isDefined(snapshot, destination)) {
    return {
      code: 'subsetNotDefined',
      severity: 'error',
      say: where =>
        `No DestinationRule defines subset ${subset}${where}. ${share} of requests would fail with 503.`,
    };
  }
  if (!isKnown(snapshot, 'Pod') || podsReady > 1) {
    return undefined;
  }
  return podsReady === 0
    ? {
        code: 'versionWithoutReadyPods',
        severity: 'error',
        say: where =>
          `${label} has no ready pods${where}. ${share} of requests would fail.`,
      }
    : {
        code: 'versionWithOnePod',
        severity: 'warning',
        say: where =>
          `${label} has one ready pod${where}. A restart stops ${share} of requests.`,
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
