import {
  AuthorizationAction,
  readAuthorizationPolicy,
} from '../../resources/authorizationPolicy';
import { DecidedBy, KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { CompiledRule, compilePolicy } from './compilePolicy';
import { evaluateRule, Layer } from './evaluateRule';
import { RequestFacts } from './facts';
import { PolicyVerdict } from './types';
import { anyOf, Verdict } from './verdict';

/** A policy and what it said to the call. */
export interface AskedPolicy {
  object: KubeObject;
  action: AuthorizationAction;
  provider: string;
  dryRun: boolean;
  verdict: Verdict;
  /** Rules that match, or may match where the verdict is not known. */
  rules: readonly CompiledRule[];
  why: string;
}

/** Asks each policy; one with an action Istio does not know is not read at all. */
export function askPolicies(options: {
  policies: readonly KubeObject[];
  facts: RequestFacts;
  layer: Layer;
}): AskedPolicy[] {
  const { policies, facts, layer } = options;
  return policies.flatMap(object => {
    const { action, provider, dryRun } = readAuthorizationPolicy(object);
    return action
      ? [
          {
            object,
            action,
            provider,
            dryRun,
            ...ask(object, { action, facts, layer }),
          },
        ]
      : [];
  });
}

function ask(
  object: KubeObject,
  options: { action: AuthorizationAction; facts: RequestFacts; layer: Layer },
): Pick<AskedPolicy, 'verdict' | 'rules' | 'why'> {
  const asked = compilePolicy(object).map(rule => ({
    rule,
    ...evaluateRule({ rule, ...options }),
  }));
  const verdict = anyOf(asked.map(each => each.verdict));
  const deciding = asked.filter(each =>
    typeof verdict === 'boolean'
      ? each.verdict === verdict
      : typeof each.verdict !== 'boolean',
  );
  if (asked.length === 0) {
    return { verdict, rules: [], why: 'it has no rules, so it never matches' };
  }
  return {
    verdict,
    rules: verdict === false ? [] : deciding.map(({ rule }) => rule),
    why:
      verdict === true
        ? deciding.map(({ rule }) => rule.fieldPath).join(', ')
        : deciding
            .slice(0, 3)
            .map(({ rule, why }) => `${rule.fieldPath} ${why}`)
            .join('; '),
  };
}

/** The rules that decided, or the policy as a whole where none did. */
export function decidedByRules(
  snapshot: MeshSnapshot,
  asked: readonly AskedPolicy[],
): DecidedBy[] {
  return asked.flatMap(({ object, rules }) =>
    (rules.length > 0
      ? rules.map(({ fieldPath }) => fieldPath)
      : ['spec.rules']
    ).map(fieldPath => ({
      by: 'object' as const,
      object: snapshot.refOf(object),
      fieldPath,
    })),
  );
}

/** For the answer's list of policies that were looked at. */
export function describeAsked(
  snapshot: MeshSnapshot,
  asked: AskedPolicy,
  applied: boolean,
): PolicyVerdict {
  const [policy] = decidedByRules(snapshot, [asked]);
  return {
    policy,
    action: asked.action,
    outcome: applied ? outcomeOf(asked.verdict) : 'notApplied',
    dryRun: asked.dryRun,
    why: applied
      ? asked.why
      : `ztunnel does not know the action ${asked.action}`,
  };
}

function outcomeOf(verdict: Verdict): PolicyVerdict['outcome'] {
  if (typeof verdict !== 'boolean') {
    return 'unknown';
  }
  return verdict ? 'matches' : 'doesNotMatch';
}
