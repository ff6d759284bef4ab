import {
  formatCount,
  formatList,
  formatQuantity,
  type ClusterStatus,
  type MeshFinding,
  type Severity,
  type SharedFinding,
  type UnaskedRule,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Names a finding in URLs: it stays while the finding does. */
export function findingKey(finding: MeshFinding): string {
  const { code, object, path } = finding;
  return [code, object.kind, object.namespace ?? '', object.name, path].join(
    '/',
  );
}

/** How many of each severity, over the findings given. */
export function countBySeverity(
  findings: readonly MeshFinding[],
): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  findings.forEach(({ severity }) => {
    counts[severity] += 1;
  });
  return counts;
}

/** What is said where no finding is shown. Only an answer of all rules in all clusters is a good one. */
export interface Verdict {
  status: Extract<StatusKind, 'healthy' | 'unknown'>;
  text: string;
}

/** The verdict over no findings: without gaps it is good, with any it says what is not known. */
export function presentNone(answer: {
  rules: number;
  skipped: readonly UnaskedRule[];
  clusters: readonly Pick<ClusterStatus, 'name' | 'state'>[];
}): Verdict {
  const { rules, skipped, clusters } = answer;
  const read = clusters.filter(({ state }) => hasData(state));
  const unread = clusters.filter(({ state }) => !hasData(state));
  if (read.length === 0) {
    return {
      status: 'unknown',
      text:
        clusters.length === 0
          ? 'Unknown: there is no cluster to look at.'
          : `Unknown: ${sayUnread(unread)}.`,
    };
  }
  const asked = rules - new Set(skipped.map(({ code }) => code)).size;
  const gaps = [
    ...(asked < rules
      ? [
          `${formatCount(rules - asked)} of ${formatQuantity(
            rules,
            'rule',
          )} could not be asked`,
        ]
      : []),
    ...(unread.length > 0 ? [sayUnread(unread)] : []),
  ];
  return gaps.length === 0
    ? {
        status: 'healthy',
        text: `None: ${formatQuantity(rules, 'rule')} asked in ${formatList(
          read.map(({ name }) => name),
        )}.`,
      }
    : {
        status: 'unknown',
        text: `None found, but ${gaps.join(', and ')}.`,
      };
}

function sayUnread(clusters: readonly { name: string }[]): string {
  const names = formatList(clusters.map(({ name }) => name));
  return `${names} ${clusters.length > 1 ? 'have' : 'has'} not been read`;
}

function hasData(state: ClusterStatus['state']): boolean {
  return state === 'fresh' || state === 'stale';
}

/** Rules that could not be asked for one reason. */
export interface SkippedGroup {
  reason: string;
  clusters: string[];
  /** Codes, in order. */
  codes: string[];
}

/** Rules that could not be asked, by reason. */
export function groupSkipped(skipped: readonly UnaskedRule[]): SkippedGroup[] {
  const groups = new Map<string, SkippedGroup>();
  for (const { reason, cluster, code } of skipped) {
    const group = groups.get(reason) ?? { reason, clusters: [], codes: [] };
    groups.set(reason, group);
    if (!group.clusters.includes(cluster)) group.clusters.push(cluster);
    if (!group.codes.includes(code)) group.codes.push(code);
  }
  return [...groups.values()].map(group => ({
    ...group,
    codes: group.codes.sort(),
  }));
}

/** `prod-eu and prod-us`, or nothing where there is only one cluster to think of. */
export function presentClusters(
  finding: Pick<SharedFinding, 'clusters'>,
  known: number,
): string | undefined {
  return known > 1 ? formatList(finding.clusters) : undefined;
}
