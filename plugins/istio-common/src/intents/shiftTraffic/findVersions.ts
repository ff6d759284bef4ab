import { isEmptySelector } from '../../resources/selector';
import { readService } from '../../resources/service';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';

/** A version of a Service: workloads that one label tells from the others. */
export interface ServiceVersion {
  /** Name of its subset: the label's value in the form Istio takes for names. */
  key: string;
  selector: Record<string, string>;
  workloads: WorkloadKey[];
  podsReady: number;
  pods: number;
}

/** Labels that say version by convention, in the order they are tried. */
const VERSION_LABELS = [
  'version',
  'app.kubernetes.io/version',
  'service.istio.io/canonical-revision',
];

/** Labels that controllers add, which change with every rollout of one and the same version. */
const CONTROLLER_LABELS =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|rollouts-pod-template-hash|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index)$/;

/**
 * The versions of the workloads behind a Service: by the label `version`, else by the first label
 * that every pod template carries and that tells them apart. Empty when nothing tells them apart.
 */
export function findVersions(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): ServiceVersion[] {
  const object = snapshot.get('Service', service.namespace, service.name);
  const selector = object ? readService(object).selector : {};
  if (isEmptySelector(selector)) {
    return [];
  }
  const workloads = snapshot
    .workloadsMatching(service.namespace, selector)
    .flatMap(key => {
      const workload = snapshot.get(key.kind, key.namespace, key.name);
      return workload ? [{ key, view: readWorkload(workload) }] : [];
    });
  const label = findVersionLabel(
    workloads.map(({ view }) => view.labels),
    selector,
  );
  if (label === undefined) {
    return [];
  }
  const versions = new Map<string, ServiceVersion>();
  for (const { key, view } of workloads) {
    const value = view.labels[label];
    const version = versions.get(value) ?? {
      key: toSubsetName(value),
      selector: { [label]: value },
      workloads: [],
      podsReady: 0,
      pods: 0,
    };
    version.workloads.push(key);
    version.podsReady += view.podsReady;
    version.pods += view.podsDesired;
    versions.set(value, version);
  }
  return [...versions.values()].sort((a, b) =>
    a.key.localeCompare(b.key, 'en', { numeric: true }),
  );
}

function findVersionLabel(
  labels: Readonly<Record<string, string>>[],
  selector: Readonly<Record<string, string>>,
): string | undefined {
  if (labels.length === 0) {
    return undefined;
  }
  const onAll = Object.keys(labels[0])
    .filter(key => labels.every(each => each[key]))
    .sort();
  const known = VERSION_LABELS.find(key => onAll.includes(key));
  if (known !== undefined) {
    return known;
  }
  return labels.length === 1
    ? undefined
    : onAll.find(
        key =>
          !CONTROLLER_LABELS.test(key) &&
          !(key in selector) &&
          new Set(labels.map(each => each[key])).size > 1,
      );
}

/** A subset's name is an RFC 1123 label: `1.4.2_rc` becomes `1-4-2-rc`. */
export function toSubsetName(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
