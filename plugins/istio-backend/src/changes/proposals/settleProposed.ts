import {
  isReached,
  stripServerFields,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { findCached } from '../findOverwritten';
import type { StoredChange, StoredOperation } from '../types';

/** True when the watch shows the object as the operation wants it; the operation then says so. */
export function settleProposed(
  change: StoredChange,
  operation: StoredOperation,
  reader: Pick<MeshReader, 'snapshot'>,
): boolean {
  const step = change.plan?.operations[operation.index];
  const { synced, object } = findCached(operation.object, reader);
  if (!synced || !step || !isReached(step, object)) {
    return false;
  }
  operation.outcome = 'applied';
  if (object) {
    operation.resourceVersion = object.metadata.resourceVersion;
    operation.result = { ...stripServerFields(object) };
  }
  return true;
}
