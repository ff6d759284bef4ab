import { RULES } from './rules';
import type { Rule } from './types';

/** What a person may want to read of a rule. */
export type RuleDescription = Pick<
  Rule,
  'code' | 'name' | 'title' | 'severity' | 'explanation' | 'remedy'
> & { equivalents: string[] };

/**
 * Every rule in words, by code.
 *
 * @public
 */
export function describeRules(): RuleDescription[] {
  return [...RULES]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      ({ code, name, title, severity, explanation, remedy, equivalents }) => ({
        code,
        name,
        title,
        severity,
        explanation,
        remedy,
        equivalents: [...equivalents],
      }),
    );
}
