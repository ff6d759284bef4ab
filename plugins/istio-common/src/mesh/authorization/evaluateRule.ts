import { AuthorizationAction } from '../../resources/authorizationPolicy';
import { CompiledRule, Term } from './compilePolicy';
import { RequestFacts } from './facts';
import { allOf, anyOf, Verdict } from './verdict';

/** What the enforcing proxy sees of a call: requests, only connections, or what ztunnel knows of a connection. */
export type Layer = 'http' | 'tcp' | 'ztunnel';

/** Whether a rule matches, and where it does not. */
export interface RuleVerdict {
  verdict: Verdict;
  /** For a rule that does not match: the lists that were not met, or why Istio drops the rule. */
  why: string;
}

/**
 * Whether the rule matches the call. A part the layer cannot see drops an ALLOW rule, and is left out of
 * any other, which then matches more.
 *
 * Source: istio/istio pilot/pkg/security/authz/model Model.Generate; for ztunnel
 * pilot/pkg/serviceregistry/ambient handleRule.
 */
export function evaluateRule(options: {
  rule: CompiledRule;
  facts: RequestFacts;
  layer: Layer;
  action: AuthorizationAction;
}): RuleVerdict {
  const { rule, facts, layer } = options;
  const dropped = whyDropped(options);
  if (dropped) {
    return { verdict: false, why: dropped };
  }
  const unmet = new Set<string>();
  const test = (terms: readonly Term[]): Verdict => {
    const verdicts: Verdict[] = [];
    for (const term of terms) {
      if (!term.test || !isVisible(term, layer)) {
        continue;
      }
      const verdict = term.test(facts);
      if (verdict === false) {
        unmet.add(describeUnmet(term));
        return false;
      }
      verdicts.push(verdict);
    }
    return allOf(verdicts);
  };
  const verdict = allOf([
    anyOf(rule.sources.map(test)),
    anyOf(rule.operations.map(test)),
    test(rule.conditions),
  ]);
  if (verdict === false) {
    return { verdict, why: `not met: ${[...unmet].join(', ')}` };
  }
  return {
    verdict,
    why: verdict === true ? '' : `needs to know: ${verdict.missing.join(', ')}`,
  };
}

function isVisible(term: Term, layer: Layer): boolean {
  switch (layer) {
    case 'http':
      return true;
    case 'tcp':
      return !term.http;
    default:
      return term.l4;
  }
}

function whyDropped(options: {
  rule: CompiledRule;
  layer: Layer;
  action: AuthorizationAction;
}): string | undefined {
  const { rule, layer, action } = options;
  if (rule.unknownKey !== undefined && layer !== 'ztunnel') {
    return `Istio does not know the condition ${rule.unknownKey} and drops the rule`;
  }
  if (action !== 'ALLOW') {
    return undefined;
  }
  const terms = [
    ...rule.sources.flat(),
    ...rule.operations.flat(),
    ...rule.conditions,
  ];
  const invalid = terms.find(term => term.invalid && layer !== 'ztunnel');
  if (invalid) {
    return `${invalid.fieldPath} has a value that cannot be read, so Istio drops the rule`;
  }
  const unseen = terms.find(term => !isVisible(term, layer));
  return (
    unseen &&
    `${unseen.fieldPath} asks about ${
      layer === 'tcp' ? 'HTTP' : 'more than ztunnel sees'
    }, so Istio drops the rule ${
      layer === 'tcp' ? 'on a TCP port' : 'from ztunnel'
    }`
  );
}

function describeUnmet(term: Term): string {
  const values = term.values.slice(0, 3).join(', ');
  const more = term.values.length > 3 ? ', …' : '';
  return `${term.fieldPath} (${values}${more})`;
}
