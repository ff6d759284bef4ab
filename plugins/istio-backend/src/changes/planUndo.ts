import {
  buildSnapshot,
  kindNameOf,
  planChange,
  type KubeObject,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';

/**
 * The operation that takes back one that is in force: bound to the object as the API server answered
 * it, so that it conflicts with whoever came after.
 */
export function planUndo(
  operation: PlanOperation,
  inForce: KubeObject,
): PlanOperation {
  const { object, action, before } = operation;
  const kind = kindNameOf(object);
  const snapshot = buildSnapshot({
    cluster: object.cluster,
    asOf: 0,
    objects: kind ? { [kind]: action === 'delete' ? [] : [inForce] } : {},
  });
  const [step] = planChange({
    compiled: [
      {
        snapshot,
        desired: before ? [before as KubeObject] : [],
        removed: before ? [] : [object],
      },
    ],
  }).operations;
  if (!step) {
    throw new Error(`Undoing operation ${operation.index} changes nothing`);
  }
  return step;
}
