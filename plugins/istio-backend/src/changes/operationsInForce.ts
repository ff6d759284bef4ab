import type { PlanOperation } from '@istio-backstage/plugin-istio-common';
import type { StoredChange } from './types';

/** What is to be taken back, each with the object as the API server made it. */
export function operationsInForce(change: StoredChange): PlanOperation[] {
  return (change.plan?.operations ?? []).flatMap(operation => {
    const stored = change.operations[operation.index];
    return stored?.outcome === 'applied'
      ? [{ ...operation, after: stored.result ?? operation.after }]
      : [];
  });
}
