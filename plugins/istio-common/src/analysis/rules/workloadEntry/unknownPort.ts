import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import { servicesOfMachine } from './unselected';

/** Source: istio/istio pilot/pkg/serviceregistry/serviceentry conversion.go, ports of a WorkloadEntry by name (1.31). */
export const workloadEntryUnknownPort: Rule = {
  code: 'ISB0410',
  name: 'workload-entry-unknown-port',
  title: 'A WorkloadEntry maps a port that no Service has',
  severity: 'warning',
  explanation:
    'spec.ports maps port names of the service to ports of the machine. No service that selects it has a port of that name, so the mapping is ignored and requests go to the number of the service port.',
  remedy: 'Write the name of the service port, or remove the mapping.',
  equivalents: [],
  subjects: ['WorkloadEntry'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'namespace',
  reachOf: { WorkloadEntry: 'object' },
  check(subject, { snapshot }) {
    const mapped = Object.keys(fieldsOf(fieldsOf(subject.spec).ports));
    const services = mapped.length ? servicesOfMachine(subject, snapshot) : [];
    if (services.length === 0) return [];
    const known = new Set(
      services.flatMap(({ spec }) =>
        fieldsListOf(fieldsOf(spec).ports).map(({ name }) => textOf(name)),
      ),
    );
    return mapped
      .filter(name => !known.has(name))
      .map(name => ({
        message: `No port of ${services
          .map(({ metadata }) => namespacedName(metadata))
          .join(', ')} is named ${name}: the mapping is ignored.`,
        path: `spec.ports.${name}`,
      }));
  },
};
