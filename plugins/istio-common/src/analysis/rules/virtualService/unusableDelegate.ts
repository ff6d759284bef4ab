import { namespacedName } from '../../../resources/objectKey';
import { expandVirtualService } from '../../../mesh/traffic/expandVirtualService';
import { delegates } from '../../facts/shadows';
import type { Rule, RuleFinding } from '../../types';

/** Source: istio/istio pilot/pkg/model mergeVirtualServicesIfNeeded. */
export const unusableDelegate: Rule = {
  code: 'ISB0110',
  name: 'virtual-service-unusable-delegate',
  title: 'A rule delegates to a VirtualService that cannot be used',
  severity: 'error',
  explanation:
    'A delegate is a VirtualService without hosts that is exported to the namespace of the one that names it; its conditions must fit under those of the rule that hands over. Istio drops the rule, or the part that does not fit, without a word: its requests fall through to later rules or get 404.',
  remedy:
    'Correct the name, remove the hosts of the delegate, export it, or make its conditions narrower than those of the rule that hands over.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    if (!delegates(subject)) return [];
    const findings: RuleFinding[] = [];
    let place = '';
    for (const entry of expandVirtualService(snapshot, subject)) {
      if (entry.action === 'delegate') {
        place = `spec.${entry.fieldPath}.delegate`;
      }
      if (entry.dropped === undefined) continue;
      const name = namespacedName(entry.object.metadata);
      findings.push({
        message:
          entry.action === 'delegate'
            ? `The rule is dropped: it ${entry.actionText}.`.replace(
                ': the rule is dropped.',
                '.',
              )
            : `${entry.fieldPath} of the delegate ${name} is dropped: ${entry.dropped}.`,
        path: place,
      });
    }
    return findings;
  },
};
