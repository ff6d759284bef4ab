import type {
  RequestSample,
  TcpSample,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';

/**
 * One observation of a cluster out of several of its namespaces. Traffic between two of the namespaces is
 * in both and counts once. One that failed makes the whole fail: half the traffic is not the traffic.
 */
export function mergeObservations(
  observations: readonly TrafficObservation[],
): TrafficObservation {
  const [first] = observations;
  if (observations.length === 1) return first;
  const failed = observations.find(one => one.error !== undefined);
  if (failed) return failed;
  return {
    cluster: first.cluster,
    window: first.window,
    requests: unique(observations.flatMap(one => one.requests)),
    tcp: unique(observations.flatMap(one => one.tcp)),
    latency: uniqueBy(
      observations.flatMap(one => one.latency),
      one => `${one.namespace}/${one.workload}`,
    ),
    newestSampleAt: Math.max(
      ...observations.map(one => one.newestSampleAt ?? 0),
    ),
  };
}

function unique<T extends RequestSample | TcpSample>(samples: T[]): T[] {
  return uniqueBy(samples, labelsOf);
}

/** The labels without the numbers: the same series asked twice may differ in the last digit. */
function labelsOf(sample: RequestSample | TcpSample): string {
  return JSON.stringify(sample, (_, value) =>
    typeof value === 'number' ? undefined : value,
  );
}

function uniqueBy<T>(items: T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map(item => [keyOf(item), item])).values()];
}
