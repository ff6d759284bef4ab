import type {
  ClusterStatus,
  SourceError,
} from '@istio-backstage/plugin-istio-common';

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

/**
 * Errors that the page does not say elsewhere: a silent cluster has a note of its own, and what
 * another part of the page says already is not said twice.
 */
export function unsaidErrors(options: {
  errors: readonly SourceError[];
  clusters: readonly ClusterStatus[];
  said?: readonly SourceError[];
}): SourceError[] {
  const { errors, clusters, said = [] } = options;
  const silent = clusters
    .filter(({ state }) => state !== 'fresh')
    .map(({ name }) => name);
  return errors.filter(
    ({ source, cluster, message }) =>
      !(source === 'kubernetes' && cluster && silent.includes(cluster)) &&
      !said.some(
        other =>
          other.source === source &&
          other.cluster === cluster &&
          other.message === message,
      ),
  );
}

/** A message as a sentence, with its full stop. */
export function asSentence(message: string): string {
  const text = message.trim();
  return /[.?]$/.test(text) ? text : `${text}.`;
}
