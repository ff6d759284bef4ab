import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { isKind } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { Plan, PlanOperation } from '../types';

const DRY_RUN = 'istio.io/dry-run';

/** The plan as if its policies on trial were enforced; undefined where it writes none. */
export function enforceTrials(plan: Plan): Plan | undefined {
  const operations = plan.operations.map(enforce);
  return operations.some((operation, at) => operation !== plan.operations[at])
    ? { ...plan, operations }
    : undefined;
}

function enforce(operation: PlanOperation): PlanOperation {
  const after = operation.after as unknown as KubeObject | undefined;
  if (
    !after ||
    !isKind(after, 'AuthorizationPolicy') ||
    !readAuthorizationPolicy(after).dryRun
  ) {
    return operation;
  }
  const { [DRY_RUN]: _, ...annotations } = after.metadata.annotations ?? {};
  return {
    ...operation,
    after: { ...after, metadata: { ...after.metadata, annotations } },
  };
}
