import { fieldsOf, isFields, numberOf } from '../../../resources/fields';
import { readVirtualService } from '../../../resources/virtualService';
import { pointerOf } from '../../facts/pointerOf';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/deprecation/deprecation.go analyzeVirtualService. */
export const deprecatedPercent: Rule = {
  code: 'ISB0127',
  name: 'virtual-service-deprecated-percent',
  title: 'A delay says how often it comes in a deprecated field',
  severity: 'warning',
  explanation:
    'fault.delay.percent takes whole numbers only and is kept until it is removed; percentage, which takes fractions too, is in force where both are set.',
  remedy: 'Write percentage: { value: 10 } instead of percent: 10.',
  equivalents: ['IST0002'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ fields, fieldPath }) => {
        const delay = fieldsOf(fieldsOf(fields.fault).delay);
        const percent = numberOf(delay.percent) ?? 0;
        if (percent <= 0) return [];
        const path = `spec.${fieldPath}.fault.delay`;
        return [
          {
            message: `percent is deprecated; percentage: { value: ${percent} } is the same.`,
            path: `${path}.percent`,
            fix: {
              title: isFields(delay.percentage)
                ? 'Remove percent, which percentage overrules'
                : 'Write it as percentage',
              patch: [
                { op: 'remove' as const, path: pointerOf(`${path}.percent`) },
                ...(isFields(delay.percentage)
                  ? []
                  : [
                      {
                        op: 'add' as const,
                        path: pointerOf(`${path}.percentage`),
                        value: { value: percent },
                      },
                    ]),
              ],
            },
          },
        ];
      },
    );
  },
};
