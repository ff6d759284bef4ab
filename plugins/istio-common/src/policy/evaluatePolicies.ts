import type { GuardrailVerdict } from '../changes/types';
import { POLICIES } from './policies/list';
import type { PolicyInput, PolicyLimits } from './types';

export const DEFAULT_POLICY_LIMITS: PolicyLimits = { stepPoints: 25 };

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
  input: Omit<PolicyInput, 'limits'> & { limits?: Partial<PolicyLimits> },
): GuardrailVerdict[] {
  const limits = { ...DEFAULT_POLICY_LIMITS, ...input.limits };
  return POLICIES.flatMap(policy => policy.evaluate({ ...input, limits }));
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
