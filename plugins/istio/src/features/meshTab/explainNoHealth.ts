import { formatList } from '@istio-backstage/plugin-istio-common';
import type {
  ClusterStatus,
  EntityMatch,
} from '@istio-backstage/plugin-istio-common';

/** Why there is no health although no annotation is wrong, as far as the clusters' states tell. */
export function explainNoHealth(
  match: EntityMatch,
  clusters: readonly ClusterStatus[],
): { title: string; explanation: string } {
  const named = (state: ClusterStatus['state']) =>
    clusters.filter(cluster => cluster.state === state).map(({ name }) => name);
  const starting = named('starting');
  const unreachable = named('unreachable');
  if (clusters.length === 0) {
    return {
      title: 'No cluster is configured',
      explanation:
        'The portal knows no cluster to look in. A platform engineer adds one under kubernetes.clusterLocatorMethods or istio.clusters.',
    };
  }
  if (starting.length > 0 && match.workloads.length === 0) {
    return {
      title: 'The clusters are being read for the first time',
      explanation: `${formatList(
        starting,
      )} not read yet. This page goes on by itself.`,
    };
  }
  if (unreachable.length === clusters.length) {
    return {
      title: 'No cluster can be read',
      explanation: `Nothing could be read of ${formatList(
        unreachable,
      )} since the portal started, so nothing is known about this component.`,
    };
  }
  return {
    title: 'Health is not known',
    explanation:
      match.workloads.length > 0
        ? 'Workloads of this component were found, but their health could not be computed.'
        : 'No workload of this component was found in the clusters that answer.',
  };
}
