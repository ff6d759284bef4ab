import { countPods, podsBehind } from '../../mesh/traffic/podsBehind';
import {
  groupByVersion,
  VERSION_LABELS,
  type WorkloadVersion,
} from '../../mesh/traffic/resolveDefaultRoute';
import { readService } from '../../resources/service';
import { subsetNameOf } from '../../resources/subsetName';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** A version of a Service: workloads that one label tells from the others. */
export interface ServiceVersion extends WorkloadVersion {
  podsReady: number;
}

/** Labels that controllers add, which change with every rollout of one and the same version. */
const CONTROLLER_LABELS =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|rollouts-pod-template-hash|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index)$/;

/**
 * The versions of the workloads behind a Service: by a label that says version, else by the first
 * label that every pod template carries and that tells them apart. Empty when nothing tells them apart.
 */
export function findVersions(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): ServiceVersion[] {
  const { workloads } = podsBehind(snapshot, service);
  const versions = groupByVersion(snapshot, workloads);
  const labelled = versions.every(({ selector }) =>
    VERSION_LABELS.some(label => label in selector),
  );
  const told = labelled ? versions : groupByLabel(snapshot, service, workloads);
  return told.map(version => ({
    ...version,
    podsReady: countPods(snapshot, version.workloads).ready,
  }));
}

/** Groups by the first label, in the order of their names, whose values differ. */
function groupByLabel(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
  workloads: readonly WorkloadKey[],
): WorkloadVersion[] {
  const object = snapshot.get('Service', service.namespace, service.name);
  const selector = object ? readService(object).selector : {};
  const labels = workloads.map(key => {
    const workload = snapshot.workload(key);
    return workload ? readWorkload(workload).labels : {};
  });
  const label = Object.keys(labels[0] ?? {})
    .sort()
    .find(
      name =>
        !CONTROLLER_LABELS.test(name) &&
        !(name in selector) &&
        labels.every(each => each[name]) &&
        new Set(labels.map(each => each[name])).size > 1,
    );
  if (label === undefined) {
    return [];
  }
  const values = [...new Set(labels.map(each => each[label]))].sort();
  return values.map(value => ({
    key: subsetNameOf(value),
    label: value,
    selector: { [label]: value },
    workloads: workloads.filter((_, index) => labels[index][label] === value),
  }));
}
