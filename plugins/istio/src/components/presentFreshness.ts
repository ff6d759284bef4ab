import type { ClusterStatus } from '@istio-backstage/plugin-istio-common';

/** Clusters by name, all when no names are given. */
function pick(
  clusters: readonly ClusterStatus[],
  names?: readonly string[],
): readonly ClusterStatus[] {
  return names ? clusters.filter(({ name }) => names.includes(name)) : clusters;
}

function oldest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time): time is string => time !== undefined)
    .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/**
 * ISO time of the oldest of the clusters' copies that a value was read from. Clusters that do not
 * answer are left out here: they are named on their own.
 */
export function objectsAsOf(
  clusters: readonly ClusterStatus[],
  names?: readonly string[],
): string | undefined {
  return oldest(
    pick(clusters, names)
      .filter(({ state }) => state === 'fresh')
      .map(({ asOf }) => asOf),
  );
}

/** ISO time of the oldest of the metrics that a value was computed from. */
export function metricsAsOf(
  clusters: readonly ClusterStatus[],
  names?: readonly string[],
): string | undefined {
  return oldest(
    pick(clusters, names)
      .filter(({ metrics }) => metrics.state === 'fresh')
      .map(({ metrics }) => metrics.asOf),
  );
}
