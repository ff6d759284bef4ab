import { readVirtualService } from '../../../resources/virtualService';
import { findShadowed } from '../../../mesh/traffic/findShadowed';
import { removal } from '../../facts/fix';
import { ownRules } from '../../facts/shadows';
import type { Rule } from '../../types';

/** Sources: istio/istio pkg/config/validation analyzeUnreachableHTTPRules; findShadowed names the rest. */
export const unreachableRule: Rule = {
  code: 'ISB0108',
  name: 'virtual-service-unreachable-rule',
  title: 'A rule is never reached, because rules above it take its requests',
  severity: 'warning',
  explanation:
    'Rules are tried from the top and the first one that matches wins. Every request this rule asks for is taken by one above it.',
  remedy:
    'Move the rule above those that take its requests, narrow them down, or remove it.',
  equivalents: ['IST0130'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    if (readVirtualService(subject).rules.length < 2) return [];
    const entries = ownRules(snapshot, subject);
    const shadows = findShadowed(entries);
    return entries.flatMap((entry, index) => {
      const shadow = shadows[index];
      if (!shadow) return [];
      const path = `spec.${entry.fieldPath}`;
      return [
        {
          message: `Never reached. ${shadow.text}`,
          path,
          fix: removal(
            `Remove ${entry.fieldPath}, which takes no request`,
            path,
          ),
        },
      ];
    });
  },
};
