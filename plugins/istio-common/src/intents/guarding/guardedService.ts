import type { KindName } from '../../resources/kinds';
import { matchesLabels, type Labels } from '../../resources/selector';
import { readService } from '../../resources/service';
import { readWorkload } from '../../resources/workload';
import { listWorkloads } from '../../mesh/workloadKeys';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import type { CompileProblem } from '../types';

/** Kinds without which nobody can tell which pods a policy would be for. */
export const GUARDED_KINDS: KindName[] = [
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
];

/** The workloads behind a Service, and the labels that select them and no others. */
export interface GuardedService {
  selector: Labels;
  workloads: readonly WorkloadKey[];
}

/** The pods that a security policy of the Service is for. */
export function readGuardedService(
  snapshot: MeshSnapshot,
  { namespace, service }: { namespace: string; service: string },
): GuardedService | CompileProblem {
  const object = snapshot.get('Service', namespace, service);
  const where = `${snapshot.cluster}: Service ${namespace}/${service}`;
  if (!object) {
    return { field: 'service', message: `${where} does not exist` };
  }
  const { selector } = readService(object);
  if (Object.keys(selector).length === 0) {
    return {
      field: 'service',
      message: `${where} selects no pods, so there is none to guard`,
    };
  }
  return {
    selector,
    workloads: snapshot.workloadsMatching(namespace, selector),
  };
}

/** Labels of the pods of a workload, as its template writes them. */
export function labelsOfPods(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): Labels {
  const object = snapshot.workload(workload);
  return object ? readWorkload(object).labels : {};
}

/** The labels that all of these carry and no other workload of the namespace has; undefined where there are none. */
export function selectExactly(
  snapshot: MeshSnapshot,
  workloads: readonly WorkloadKey[],
): Labels | undefined {
  const [first, ...others] = workloads.map(each =>
    labelsOfPods(snapshot, each),
  );
  const common = Object.fromEntries(
    Object.entries(first ?? {}).filter(([key, value]) =>
      others.every(labels => labels[key] === value),
    ),
  );
  const own = new Set(workloads.map(({ kind, name }) => `${kind}/${name}`));
  const isExact = listWorkloads(snapshot, workloads[0]?.namespace).every(
    each =>
      own.has(`${each.kind}/${each.name}`) ||
      !matchesLabels(common, labelsOfPods(snapshot, each)),
  );
  return Object.keys(common).length > 0 && isExact ? common : undefined;
}

/** A name that no object of the kind has in the namespace: `reviews`, `reviews-2`. */
export function freeName(
  snapshot: MeshSnapshot,
  options: { kind: KindName; namespace: string; wanted: string },
): string {
  const { kind, namespace, wanted } = options;
  let name = wanted;
  for (let count = 2; snapshot.get(kind, namespace, name); count += 1) {
    name = `${wanted}-${count}`;
  }
  return name;
}
