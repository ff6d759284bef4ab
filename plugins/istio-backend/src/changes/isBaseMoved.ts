import type {
  KubeObject,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';

/** Whether an object is not any more what an operation was planned on; the operation would conflict. */
export function isBaseMoved(
  operation: Pick<PlanOperation, 'action' | 'base'>,
  live: KubeObject | undefined,
): boolean {
  if (operation.action === 'create') {
    return live !== undefined;
  }
  return (
    live?.metadata.uid !== operation.base?.uid ||
    live?.metadata.resourceVersion !== operation.base?.resourceVersion
  );
}
