import { readVirtualService } from '../../../resources/virtualService';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/route: of several destinations one without weight is left out. */
export const missingWeight: Rule = {
  code: 'ISB0116',
  name: 'virtual-service-missing-weight',
  title: 'A destination of a split has no weight',
  severity: 'warning',
  explanation:
    'Among several destinations an omitted weight means 0, not "the rest": that destination gets no request.',
  remedy:
    'Give every destination of the split a weight, 0 for one that is to get nothing.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ destinations, fieldPath }) => {
        const weighted = destinations.some(({ weight }) => weight);
        return destinations.length < 2 || !weighted
          ? []
          : destinations.flatMap(({ host, subset, weight }, index) =>
              weight === undefined
                ? [
                    {
                      message: `${
                        subset ? `${host}, subset ${subset},` : host
                      } has no weight and gets no request.`,
                      path: `spec.${fieldPath}.route[${index}]`,
                    },
                  ]
                : [],
            );
      },
    );
  },
};
