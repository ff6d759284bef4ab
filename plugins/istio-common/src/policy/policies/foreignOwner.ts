import type { GuardrailVerdict, PlanOperation } from '../../changes/types';
import { describeObject } from '../../resources/objectKey';
import type { ObjectMeta } from '../../resources/types';
import type { Policy } from '../types';
import { findForeignOwner } from './findForeignOwner';

/**
 * An object that another tool writes is not changed beside that tool: it would undo the change, or
 * the change would undo its work.
 */
export const foreignOwner: Policy = {
  id: 'foreign-owner',
  description: 'Objects that another tool manages are left to it',
  version: 1,
  evaluate({ plan }) {
    const verdicts = plan.operations.flatMap(operation =>
      judge(this.id, operation),
    );
    return verdicts.length > 0
      ? verdicts
      : [
          {
            policy: this.id,
            verdict: 'pass',
            text: 'No other tool manages the objects that change',
          },
        ];
  },
};

function judge(policy: string, operation: PlanOperation): GuardrailVerdict[] {
  const metadata = operation.before?.metadata as ObjectMeta | undefined;
  if (!metadata) {
    return [];
  }
  const name = describeObject(operation.object);
  const found = findForeignOwner(metadata, operation.fieldManagers);
  if (found) {
    return [
      {
        policy,
        verdict: 'deny',
        text: `${name} in ${operation.object.cluster} is managed by ${found.owner}. ${found.advice}`,
      },
    ];
  }
  const managedBy = metadata.labels?.['app.kubernetes.io/managed-by'];
  return managedBy && managedBy !== 'istio-portal'
    ? [
        {
          policy,
          verdict: 'warn',
          text: `${name} in ${operation.object.cluster} carries the label app.kubernetes.io/managed-by=${managedBy}; that tool may undo the change`,
        },
      ]
    : [];
}
