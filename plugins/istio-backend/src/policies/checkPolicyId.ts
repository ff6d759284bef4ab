import { POLICIES } from '@istio-backstage/plugin-istio-common';
import type { GuardrailPolicy } from '@istio-backstage/plugin-istio-node';

/** The policy, if its id can name it in configuration and in verdicts. Throws otherwise. */
export function checkPolicyId(
  policy: GuardrailPolicy,
  others: readonly GuardrailPolicy[],
): GuardrailPolicy {
  const { id } = policy;
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id)) {
    throw new Error(
      `The guardrail '${id}' cannot be added: an id is made of small letters, digits and dashes`,
    );
  }
  if ([...POLICIES, ...others].some(other => other.id === id)) {
    throw new Error(
      `The guardrail '${id}' cannot be added: there is one of that id already`,
    );
  }
  return policy;
}
