import type {
  ChangeState,
  ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { lockKeyOf } from './objectLocks';
import type { NewChange, StoredChange, StoredOperation } from './types';

/** Row of `mesh_change`. Postgres answers bigints as text. */
export interface ChangeRow {
  id: string;
  entity_ref: string;
  intent_type: string;
  title: string;
  state: string;
  requested_by: string;
  requested_groups: string;
  acting_users: string;
  reason: string;
  ticket: string | null;
  created_at: number | string;
  updated_at: number | string;
  applied_at: number | string | null;
  observed_at: number | string | null;
  waiting_for: string | null;
  plan_hash: string | null;
  idempotency_key: string | null;
  intent: string | null;
  plan: string | null;
  versions: string;
  guardrails: string;
  search_text: string;
  revert_of: string | null;
  reverted_by: string | null;
  preview: string | null;
  approval: string | null;
  apply_at: number | string | null;
  expires_at: number | string | null;
  approve_until: number | string | null;
  break_glass: string | null;
  revision: number;
  proposal: string | null;
  external: string | null;
}

/** Row of `change_operation`. */
export interface OperationRow {
  change_id: string;
  idx: number;
  object: string;
  action: string;
  outcome: string;
  status: number | null;
  message: string | null;
  audit_id: string | null;
  resource_version: string | null;
  diff: string;
  result: string | null;
  sent_at: number | string | null;
  object_key: string | null;
  reached: string | null;
}

/** Columns of a new change but the times, which are the database's. */
export function toChangeRow(change: NewChange) {
  return {
    id: change.id,
    entity_ref: change.entityRef,
    intent_type: change.intentType,
    title: change.title.slice(0, 512),
    state: change.state,
    requested_by: change.requestedBy.entityRef,
    requested_groups: JSON.stringify(change.requestedBy.groups),
    acting_users: JSON.stringify(change.actingUsers),
    reason: change.reason,
    ticket: change.ticket ?? null,
    plan_hash: change.planHash ?? null,
    idempotency_key: change.idempotencyKey ?? null,
    intent: change.intent ? JSON.stringify(change.intent) : null,
    plan: change.plan ? JSON.stringify(change.plan) : null,
    versions: JSON.stringify(change.versions),
    guardrails: JSON.stringify(change.guardrails),
    search_text: searchTextOf(change),
    revert_of: change.revertOf ?? null,
    preview: change.preview ? JSON.stringify(change.preview) : null,
    approval: change.approval ? JSON.stringify(change.approval) : null,
    apply_at: change.applyAt ?? null,
    expires_at: change.expiresAt ?? null,
    break_glass: change.breakGlass ? JSON.stringify(change.breakGlass) : null,
    review_by: change.breakGlass?.reviewBy ?? null,
    proposal: change.proposal ? JSON.stringify(change.proposal) : null,
    external: change.external ? JSON.stringify(change.external) : null,
  };
}

export function toOperationRow(
  changeId: string,
  operation: StoredOperation,
): OperationRow {
  return {
    change_id: changeId,
    idx: operation.index,
    object: JSON.stringify(operation.object),
    action: operation.action,
    outcome: operation.outcome,
    status: operation.status ?? null,
    message: operation.message ?? null,
    audit_id: operation.auditId ?? null,
    resource_version: operation.resourceVersion ?? null,
    diff: JSON.stringify(operation.diff),
    result: operation.result ? JSON.stringify(operation.result) : null,
    sent_at: operation.sentAt ?? null,
    object_key: lockKeyOf(operation.object).slice(0, 512),
    reached: operation.reached ? JSON.stringify(operation.reached) : null,
  };
}

export function fromChangeRow(
  row: ChangeRow,
  operations: OperationRow[],
): StoredChange {
  return {
    id: row.id,
    entityRef: row.entity_ref,
    intentType: row.intent_type,
    title: row.title,
    state: row.state as ChangeState,
    requestedBy: {
      entityRef: row.requested_by,
      groups: JSON.parse(row.requested_groups),
    },
    actingUsers: JSON.parse(row.acting_users),
    reason: row.reason,
    ticket: row.ticket ?? undefined,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    revision: Number(row.revision),
    appliedAt: timeOf(row.applied_at),
    observedAt: timeOf(row.observed_at),
    waitingFor: row.waiting_for ?? undefined,
    planHash: row.plan_hash ?? undefined,
    idempotencyKey: row.idempotency_key ?? undefined,
    intent: row.intent ? JSON.parse(row.intent) : undefined,
    plan: row.plan ? JSON.parse(row.plan) : undefined,
    versions: JSON.parse(row.versions),
    guardrails: JSON.parse(row.guardrails),
    operations: operations.map(fromOperationRow),
    revertOf: row.revert_of ?? undefined,
    revertedBy: row.reverted_by ?? undefined,
    preview: row.preview ? JSON.parse(row.preview) : undefined,
    approval: row.approval ? JSON.parse(row.approval) : undefined,
    applyAt: timeOf(row.apply_at),
    expiresAt: timeOf(row.expires_at),
    approveUntil: timeOf(row.approve_until),
    proposal: row.proposal ? JSON.parse(row.proposal) : undefined,
    breakGlass: row.break_glass ? JSON.parse(row.break_glass) : undefined,
    external: row.external ? JSON.parse(row.external) : undefined,
  };
}

function timeOf(value: number | string | null): number | undefined {
  return value === null ? undefined : Number(value);
}

export function fromOperationRow(row: OperationRow): StoredOperation {
  return {
    index: row.idx,
    object: JSON.parse(row.object) as ObjectRef,
    action: row.action as StoredOperation['action'],
    outcome: row.outcome as StoredOperation['outcome'],
    status: row.status ?? undefined,
    message: row.message ?? undefined,
    auditId: row.audit_id ?? undefined,
    resourceVersion: row.resource_version ?? undefined,
    diff: JSON.parse(row.diff),
    result: row.result ? JSON.parse(row.result) : undefined,
    sentAt: timeOf(row.sent_at),
    reached: row.reached ? JSON.parse(row.reached) : undefined,
  };
}

/** What the search field looks through: title, component, person, reason, ticket and object names. */
function searchTextOf(change: NewChange): string {
  return [
    change.id,
    change.title,
    change.entityRef,
    change.requestedBy.entityRef,
    change.reason,
    change.ticket ?? '',
    ...(change.external?.claims.map(({ manager }) => manager) ?? []),
    ...change.operations.map(
      ({ object }) =>
        `${object.cluster} ${object.kind} ${object.namespace ?? ''}/${
          object.name
        }`,
    ),
  ]
    .join('\n')
    .toLocaleLowerCase('en-US');
}
