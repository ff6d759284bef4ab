import { fieldsOf, isFields, numberOf } from '../../../resources/fields';
import { listPolicies } from '../../facts/policies';
import type { Rule } from '../../types';

/** Source: istio.io reference, OutlierDetection; istio/istio pilot/pkg/networking/core applyOutlierDetection. */
export const detectionOff: Rule = {
  code: 'ISB0215',
  name: 'destination-rule-detection-off',
  title: 'Outlier detection is set and never ejects an endpoint',
  severity: 'warning',
  explanation:
    'consecutive5xxErrors: 0 switches the only detector off that is on by itself, and no other one is set.',
  remedy:
    'Set consecutive5xxErrors or consecutiveGatewayErrors to the number of errors that are too many.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listPolicies(subject).flatMap(({ fields, path }) => {
      const detection = fields.outlierDetection;
      if (!isFields(detection)) return [];
      const count = (name: string) => numberOf(fieldsOf(detection)[name]);
      const off =
        count('consecutive5xxErrors') === 0 &&
        !count('consecutiveGatewayErrors') &&
        !count('consecutiveLocalOriginFailures') &&
        detection.splitExternalLocalOriginErrors !== true &&
        !count('consecutiveErrors');
      return off
        ? [
            {
              message:
                'consecutive5xxErrors is 0 and no other detector is set: no endpoint is ever ejected.',
              path: `${path}.outlierDetection.consecutive5xxErrors`,
            },
          ]
        : [];
    });
  },
};
