import { describeRules } from '../../mesh/authorization/describeRules';
import type { KubeObject } from '../../resources/types';
import { readCallerRules } from './readRules';

/** Rules of the policy that the form cannot say, in words: they stay, and are not edited here. */
export function describeKeptRules(policy: KubeObject): string[] {
  const described = new Map(
    describeRules(policy).map(rule => [rule.fieldPath, rule]),
  );
  return readCallerRules(policy).flatMap(({ fieldPath, rule }) => {
    if (rule) {
      return [];
    }
    const { who = [], what = [], when = [] } = described.get(fieldPath) ?? {};
    const words = [
      who.length > 0 ? who.join(' or ') : 'anybody',
      ...(what.length > 0 ? [`with ${what.join(' or ')}`] : []),
      ...(when.length > 0 ? [`when ${when.join(' and ')}`] : []),
    ];
    return [`${fieldPath.replace(/^spec\./, '')}: ${words.join(' ')}`];
  });
}
