import type { GuardrailVerdict } from '../changes/types';
import { type GuardrailSettings, settingsIn } from './settings';
import type { Policy, PolicyInput } from './types';

/**
 * Where a guardrail only warns, its denials and calls for approval are warnings. A verdict about one
 * object goes by that object's cluster; one about the whole plan is enforced if any of its clusters says so.
 */
export function applyMode(
  verdicts: GuardrailVerdict[],
  options: {
    input: Pick<PolicyInput, 'plan' | 'settings'>;
    policy: Pick<Policy, 'id' | 'alwaysEnforced'>;
  },
): GuardrailVerdict[] {
  const { input, policy } = options;
  const { plan, settings } = input;
  const planned = [
    ...new Set(plan.operations.map(({ object }) => object.cluster)),
  ];
  return verdicts.map(verdict => {
    const clusters = verdict.object ? [verdict.object.cluster] : planned;
    const inForce = clusters.length > 0 ? clusters : [undefined];
    const isEnforced =
      policy.alwaysEnforced ||
      inForce.some(
        cluster =>
          settingsIn(settings, cluster).modeOf(policy.id) === 'enforce',
      );
    const blocks =
      verdict.verdict === 'deny' || verdict.verdict === 'needsApproval';
    return isEnforced || !blocks
      ? verdict
      : {
          ...verdict,
          verdict: 'warn' as const,
          text: `${verdict.text}. ${whereWarned(
            settings,
            clusters,
          )} this is pointed out, not enforced`,
        };
  });
}

function whereWarned(
  settings: GuardrailSettings,
  clusters: readonly string[],
): string {
  const [environment, ...more] = new Set(
    clusters.map(cluster => settingsIn(settings, cluster).environment),
  );
  return environment !== undefined && more.length === 0
    ? `In ${environment}`
    : 'Here';
}
