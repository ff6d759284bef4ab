import type { PlanOperation } from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { StoredOperation } from './types';

/** An operation that is about to go to its cluster, with the id of the attempt. */
export function toBeSent(operation: PlanOperation): StoredOperation {
  return { ...notSent(operation), outcome: 'pending', auditId: ulid() };
}

/** One that goes through Git: the portal sends nothing of it to a cluster. */
export function notSent({
  index,
  object,
  action,
  diff,
}: PlanOperation): StoredOperation {
  return { index, object, action, diff, outcome: 'notSent' };
}
