import { Edge } from './collectEdges';
import { isFailure, judgeEdge } from './judgeTraffic';
import { CodeTally, totalOf } from './mergeReporters';
import { mostFrequent } from './sentences';
import { HealthEdge, HealthThresholds } from './types';

/** The edge as a page shows it. */
export function describeEdge(
  edge: Edge,
  thresholds: HealthThresholds,
): HealthEdge {
  const failures = mostFrequent(
    [...edge.codes.values()].filter(tally => isFailure(tally, thresholds)),
  );
  const tcp = edge.protocol === 'tcp';
  const described: HealthEdge = {
    direction: edge.direction,
    protocol: edge.protocol,
    requests: tcp ? edge.tcp.opened + edge.tcp.failed : totalOf(edge.codes),
    failed: tcp
      ? edge.tcp.failed
      : failures.reduce((sum, { requests }) => sum + requests, 0),
    failures: failures.map(({ code, requests, byFlag }) => {
      const flags = topFlag(byFlag);
      return flags ? { code, flags, requests } : { code, requests };
    }),
    failuresByVersion: versionsOf(edge, failures),
    status: judgeEdge(edge, thresholds).status,
  };
  if (edge.peer.name !== undefined) {
    described.peer = edge.peer.name;
  }
  if (edge.peer.namespace !== undefined) {
    described.peerNamespace = edge.peer.namespace;
  }
  if (edge.peer.workloads.length > 0) {
    described.peerWorkloads = edge.peer.workloads;
  }
  return described;
}

/** The most frequent response flag; undefined where most requests have none. */
export function topFlag(
  byFlag: ReadonlyMap<string, number>,
): string | undefined {
  const [top] = [...byFlag].sort(([, a], [, b]) => b - a);
  return top && top[0] !== '-' ? top[0] : undefined;
}

/** Every version that answered, most failures first; requests that reached no version are in none. */
function versionsOf(
  edge: Edge,
  failures: readonly CodeTally[],
): HealthEdge['failuresByVersion'] {
  const versions = new Map<string, { requests: number; failed: number }>();
  const failed = new Set(failures.map(({ code }) => code));
  for (const { code, byVersion } of edge.codes.values()) {
    for (const [version, requests] of byVersion) {
      const entry = versions.get(version) ?? { requests: 0, failed: 0 };
      entry.requests += requests;
      entry.failed += failed.has(code) ? requests : 0;
      versions.set(version, entry);
    }
  }
  versions.delete('');
  return [...versions]
    .map(([version, counts]) => ({ version, ...counts }))
    .sort((a, b) => b.failed - a.failed || (a.version < b.version ? -1 : 1));
}
