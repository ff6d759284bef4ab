import { type GuardrailLimits, settingsIn } from './settings';
import type { PolicyInput } from './types';

/** The strictest of a policy's limits over the clusters of the plan. */
export function strictestLimit(
  { plan, settings }: Pick<PolicyInput, 'plan' | 'settings'>,
  limit: keyof GuardrailLimits,
): number {
  const clusters = plan.operations.map(({ object }) => object.cluster);
  return Math.min(
    ...(clusters.length > 0 ? clusters : [undefined]).map(
      cluster => settingsIn(settings, cluster).limits[limit],
    ),
  );
}
