import { hashJson } from '../changes/hashObject';
import type { GuardrailVerdict } from '../changes/types';
import { POLICIES } from './policies/list';
import { applyMode } from './applyMode';
import { DEFAULT_GUARDRAIL_SETTINGS, type GuardrailSettings } from './settings';
import type { Policy, PolicyInput } from './types';

/** From mildest to strictest; what nobody could judge is stricter than a warning. */
const STRICTNESS: GuardrailVerdict['verdict'][] = [
  'pass',
  'warn',
  'unknown',
  'needsApproval',
  'deny',
];

/** What every guardrail says to a plan, in the order of the list. Pure; the strictest verdict counts. */
export function evaluatePolicies(
  input: Omit<PolicyInput, 'settings'> & { settings?: GuardrailSettings },
): GuardrailVerdict[] {
  const settings = input.settings ?? DEFAULT_GUARDRAIL_SETTINGS;
  const whole = { ...input, settings };
  const policyVersion = policyVersionOf(settings);
  return POLICIES.flatMap(policy =>
    applyMode(policy.evaluate(whole), { input: whole, policy }),
  ).map(verdict => ({ ...verdict, policyVersion }));
}

/** Names rules and settings together; an approval given under another version no longer counts. */
export function policyVersionOf(
  settings: GuardrailSettings,
  /** Policies of the adopter, judged beside those of the list. */
  more: readonly Pick<Policy, 'id' | 'version'>[] = [],
): string {
  return hashJson({
    policies: [...POLICIES, ...more].map(({ id, version }) => ({
      id,
      version,
    })),
    settings,
  }).slice(0, 12);
}

/** The verdict that decides; `pass` for none. */
export function strictestVerdict(
  verdicts: GuardrailVerdict[],
): GuardrailVerdict['verdict'] {
  return verdicts.reduce<GuardrailVerdict['verdict']>(
    (strictest, { verdict }) =>
      STRICTNESS.indexOf(verdict) > STRICTNESS.indexOf(strictest)
        ? verdict
        : strictest,
    'pass',
  );
}
