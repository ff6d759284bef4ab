import { namespacedName } from '../../../resources/objectKey';
import { readVirtualService } from '../../../resources/virtualService';
import { namedDelegates } from '../../facts/shadows';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model mergeVirtualServicesIfNeeded: one without hosts has no effect by itself. */
export const unusedDelegate: Rule = {
  code: 'ISB0111',
  name: 'virtual-service-unused-delegate',
  title: 'A VirtualService without hosts is nobody’s delegate',
  severity: 'warning',
  explanation:
    'A VirtualService without hosts has rules for others to hand over to. No VirtualService names this one, so its rules are nowhere in force.',
  remedy:
    'Delegate to it from a VirtualService with hosts, give it hosts of its own, or delete it.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const { hosts } = readVirtualService(subject);
    return hosts.length > 0 ||
      namedDelegates(snapshot).has(namespacedName(subject.metadata))
      ? []
      : [
          {
            message:
              'It has no hosts and no VirtualService delegates to it: its rules are not in force.',
            path: 'spec.hosts',
          },
        ];
  },
};
