import { isFields } from '../../../resources/fields';
import { addition } from '../../facts/fix';
import { listPolicies } from '../../facts/policies';
import type { Rule } from '../../types';

const BLOCKS = ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls'];

/** Source: istio/istio pilot/pkg/networking/util GetPortLevelTrafficPolicy; istio.io reference, portLevelSettings. */
export const portDropsSettings: Rule = {
  code: 'ISB0210',
  name: 'destination-rule-port-drops-settings',
  title: 'A port’s block of a DestinationRule leaves out what the rule sets',
  severity: 'warning',
  explanation:
    'portLevelSettings replace the settings of the rule for that port as a whole: what a port’s block leaves out falls back to Istio’s defaults, not to the rule.',
  remedy: 'Repeat the settings in the port’s block.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listPolicies(subject).flatMap(({ fields, port, path, wide }) => {
      const lost = BLOCKS.filter(
        name => isFields(wide?.fields[name]) && fields[name] === undefined,
      );
      return lost.length === 0 || wide === undefined
        ? []
        : [
            {
              message: `Port ${port} does not get ${lost.join(' and ')} of ${
                wide.path
              }: its block stands alone.`,
              path,
              fix: addition(`Repeat ${lost.join(' and ')} for port ${port}`, {
                path,
                fields: Object.fromEntries(
                  lost.map(name => [name, wide.fields[name]]),
                ),
              }),
            },
          ];
    });
  },
};
