import { fieldsOf, isFields, numberOf } from '../../../resources/fields';
import { readVirtualService } from '../../../resources/virtualService';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/route TranslateFault; Envoy reads an absent percentage as 0. */
export const faultWithoutPercentage: Rule = {
  code: 'ISB0122',
  name: 'virtual-service-fault-without-percentage',
  title: 'A fault has no percentage',
  severity: 'warning',
  explanation:
    'Without a percentage no request is aborted or delayed. A test that relies on the fault proves nothing.',
  remedy: 'Write how many requests get the fault: percentage: { value: 100 }.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ fields, fieldPath }) => {
        const fault = fieldsOf(fields.fault);
        return (['abort', 'delay'] as const).flatMap(kind => {
          const block = fault[kind];
          if (
            !isFields(block) ||
            isFields(block.percentage) ||
            numberOf(block.percent)
          ) {
            return [];
          }
          return [
            {
              message: `The ${kind} has no percentage: no request gets it.`,
              path: `spec.${fieldPath}.fault.${kind}`,
            },
          ];
        });
      },
    );
  },
};
