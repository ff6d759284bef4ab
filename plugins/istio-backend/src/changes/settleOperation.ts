import {
  diffObjects,
  stripServerFields,
  type KubeObject,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { WriteResult } from '@istio-backstage/plugin-istio-node';
import type { ReachedVersion, StoredOperation } from './types';

/** Writes an answer into the operation. */
export function settle(
  operation: StoredOperation,
  step: PlanOperation,
  result: WriteResult,
) {
  operation.outcome = result.outcome;
  if (result.outcome === 'unknown') {
    operation.message = result.message;
    return;
  }
  operation.status = result.status || undefined;
  if (result.outcome !== 'applied') {
    operation.message = result.message;
    return;
  }
  operation.message = result.warnings.join('; ') || undefined;
  if (step.action === 'delete') {
    operation.reached = [...(operation.reached ?? []), {}];
    return;
  }
  operation.reached = [...(operation.reached ?? []), versionOf(result.object)];
  operation.resourceVersion = result.object.metadata.resourceVersion;
  operation.result = { ...stripServerFields(result.object) };
  operation.diff = diffObjects(
    step.before as KubeObject | undefined,
    result.object,
  );
}

/** Notes a write that took effect after the operation was closed without it. */
export function noteLateWrite(
  operation: StoredOperation,
  { action }: PlanOperation,
  object: KubeObject,
) {
  operation.reached = [
    ...(operation.reached ?? []),
    action === 'delete' ? {} : versionOf(object),
  ];
}

/** Notes that the operation was taken back, by an answer or by what the object shows. */
export function noteUndo(
  operation: StoredOperation,
  step: PlanOperation,
  result: WriteResult,
) {
  operation.outcome = 'undone';
  operation.reached = [
    ...(operation.reached ?? []),
    {
      ...(result.outcome === 'applied' && step.action !== 'delete'
        ? versionOf(result.object)
        : {}),
      isUndo: true,
    },
  ];
}

/** By which the watch knows the product's own write again. */
function versionOf({ metadata }: KubeObject): ReachedVersion {
  const { uid, generation, resourceVersion } = metadata;
  return { uid, generation, resourceVersion };
}
