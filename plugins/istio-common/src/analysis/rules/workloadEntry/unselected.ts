import { readService } from '../../../resources/service';
import { isEmptySelector, matchesLabels } from '../../../resources/selector';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { readOwnSelector } from '../../selection/ownSelector';
import { machineLabels } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** The Services and ServiceEntries of the namespace whose endpoint the WorkloadEntry is. */
export function servicesOfMachine(
  machine: KubeObject,
  snapshot: MeshSnapshot,
): KubeObject[] {
  const labels = machineLabels(machine);
  const namespace = machine.metadata.namespace ?? '';
  return [
    ...snapshot
      .inNamespace('ServiceEntry', namespace)
      .filter(entry => fits(readOwnSelector(entry)?.labels ?? {}, labels)),
    ...snapshot
      .inNamespace('Service', namespace)
      .filter(service => fits(readService(service).selector, labels)),
  ];
}

function fits(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return !isEmptySelector(selector) && matchesLabels(selector, labels);
}

/** Source: istio/istio pilot/pkg/serviceregistry/serviceentry and kube, endpoints from WorkloadEntries (1.31). */
export const workloadEntryUnselected: Rule = {
  code: 'ISB0409',
  name: 'workload-entry-unselected',
  title: 'Nothing selects a WorkloadEntry',
  severity: 'info',
  explanation:
    'A WorkloadEntry becomes an endpoint only through a ServiceEntry or a Service of its namespace that selects its labels. None does, so nobody can call it by name through the mesh.',
  remedy:
    'Give it the labels that the Service selects, or remove it. A machine that only calls others needs no Service.',
  equivalents: [],
  subjects: ['WorkloadEntry'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'namespace',
  reachOf: { WorkloadEntry: 'object' },
  check(subject, { snapshot }) {
    if (servicesOfMachine(subject, snapshot).length > 0) return [];
    return [
      {
        message: `No Service or ServiceEntry of ${subject.metadata.namespace} selects it: nobody reaches it by name.`,
        path: 'spec.labels',
      },
    ];
  },
};
