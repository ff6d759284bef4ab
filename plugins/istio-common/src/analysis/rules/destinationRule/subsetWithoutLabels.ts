import { readDestinationRule } from '../../../resources/destinationRule';
import { isFields } from '../../../resources/fields';
import type { Rule } from '../../types';

/** Source: istio.io reference, Subset.labels; Kiali's check of that name. */
export const subsetWithoutLabels: Rule = {
  code: 'ISB0203',
  name: 'destination-rule-subset-without-labels',
  title: 'A subset of a DestinationRule has no labels',
  severity: 'info',
  explanation:
    'Without labels a subset is every endpoint of the service. A route to it is no route to a version; only its traffic policy differs from the service’s.',
  remedy:
    'Add the labels of the version. Where the subset is only to carry other settings, give it a trafficPolicy.',
  equivalents: ['KIA0209'],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readDestinationRule(subject).subsets.flatMap(
      ({ name, labels, fields, fieldPath }) =>
        Object.keys(labels).length > 0 || isFields(fields.trafficPolicy)
          ? []
          : [
              {
                message: `Subset ${name} has neither labels nor settings: it is every endpoint of the service.`,
                path: `spec.${fieldPath}`,
              },
            ],
    );
  },
};
