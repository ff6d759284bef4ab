import { readVirtualService } from '../../../resources/virtualService';
import { removal } from '../../facts/fix';
import type { Rule } from '../../types';

/** Source: istio.io reference, HTTPRouteDestination.weight: a lone destination gets everything. */
export const loneWeight: Rule = {
  code: 'ISB0115',
  name: 'virtual-service-lone-weight',
  title: 'A destination that is alone has a weight',
  severity: 'info',
  explanation:
    'A weight divides requests among several destinations. A destination that is alone gets all of them, whatever its weight says.',
  remedy: 'Remove the weight, or add the destination that is missing.',
  equivalents: ['KIA1104'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ destinations, fieldPath }) => {
        const [only, other] = destinations;
        const weight = only?.weight;
        if (other || weight === undefined || weight === 100) return [];
        const path = `spec.${fieldPath}.route[0].weight`;
        return [
          {
            message: `The weight ${weight} has no effect: ${only.host} is the only destination and gets every request.`,
            path,
            fix: removal('Remove the weight', path),
          },
        ];
      },
    );
  },
};
