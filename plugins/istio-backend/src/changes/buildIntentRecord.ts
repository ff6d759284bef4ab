import type { NewAuditEntry } from '../audit/types';
import type { ChangeDraft } from './ChangeDrafter';
import type { PreflightResult } from './ChangePreflight';
import type { ChangeContext, NewChange } from './types';

/**
 * What is committed before the first request: who, why, as whom, where, on which base, which bytes
 * (before and after, which is also what is restored if a later object fails), what the policies and
 * the dry run said, and the id of each attempt. Objects are Istio's kinds only; no tokens.
 */
export function buildIntentRecord(options: {
  change: NewChange;
  draft: ChangeDraft;
  checked: PreflightResult;
  context: ChangeContext;
  /** Epoch milliseconds. */
  at: number;
}): NewAuditEntry {
  const { change, draft, checked, context, at } = options;
  return {
    opId: change.id,
    kind: 'intent',
    occurredAt: at,
    actor: change.requestedBy.entityRef,
    target: change.entityRef,
    payload: {
      title: change.title,
      reason: change.reason,
      ticket: change.ticket,
      intentType: change.intentType,
      intent: change.intent,
      revertOf: change.revertOf,
      groups: change.requestedBy.groups,
      address: context.request?.ip,
      actingUsers: change.actingUsers,
      planHash: draft.plan.hash,
      operations: draft.plan.operations.map(operation => ({
        ...operation,
        attemptId: change.operations[operation.index]?.auditId,
      })),
      guardrails: draft.guardrails,
      dryRun: checked.dryRun,
    },
    event: { kind: 'requested', text: 'Requested' },
  };
}
