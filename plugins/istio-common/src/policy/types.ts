import type { ChangePreview, GuardrailVerdict, Plan } from '../changes/types';
import type { EntityMatch } from '../entity/types';
import type { Intent } from '../intents/intent';
import type { MeshSnapshot } from '../snapshot/types';

export interface PolicyLimits {
  /** Percentage points; a step this large that reaches callers of other teams is theirs to know of. */
  stepPoints: number;
}

/** Everything a policy may look at. */
export interface PolicyInput {
  plan: Plan;
  /** Absent for a revert. */
  intent?: Intent;
  /** What the component owns, per cluster. */
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  /** Callers carry `ownerRef` and `yours` where the shell found them. */
  assessment: Pick<ChangePreview, 'versions' | 'callers' | 'observedSeconds'>;
  limits: PolicyLimits;
}

/** One guardrail; at least one verdict each, so that what was checked can be read. */
export interface Policy {
  id: string;
  description: string;
  evaluate(input: PolicyInput): GuardrailVerdict[];
}
