import type { DryRunResult } from '@istio-backstage/plugin-istio-common';
import type { NewAuditEntry } from '../audit/types';
import type { NewChange, StoredChange } from './types';

/**
 * What is committed before the first request: who, why, as whom, where, on which base, which bytes
 * (before and after, which is also what is restored if a later object fails), what the policies and
 * the dry run said, who approved, and the id of each attempt. Objects are Istio's kinds only; no tokens.
 */
export function buildIntentRecord(options: {
  change: NewChange | StoredChange;
  dryRun: DryRunResult[];
  /** IP address of who asked, when it is at hand. */
  address?: string;
  /** Epoch milliseconds. */
  at: number;
}): NewAuditEntry {
  return {
    ...entryOf(options),
    kind: 'intent',
    event: {
      kind: 'requested',
      text: options.change.breakGlass
        ? 'Requested in an emergency, past approval and freezes'
        : 'Requested',
    },
  };
}

/** The same of a change that is not sent yet: it waits for other people, or for its time. */
export function buildRequestRecord(
  options: Parameters<typeof buildIntentRecord>[0],
): NewAuditEntry {
  return {
    ...entryOf(options),
    kind: 'requested',
    event: { kind: 'requested', text: 'Requested' },
  };
}

/** The intent of a change that waited: its request is in the log already, with the same bytes. */
export function buildStartRecord(options: {
  change: StoredChange;
  dryRun: DryRunResult[];
  at: number;
}): NewAuditEntry {
  return { ...entryOf(options), kind: 'intent' };
}

function entryOf(
  options: Parameters<typeof buildIntentRecord>[0],
): Omit<NewAuditEntry, 'kind'> {
  const { change, dryRun, address, at } = options;
  return {
    opId: change.id,
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
      address,
      actingUsers: change.actingUsers,
      planHash: change.planHash,
      proposal: change.proposal,
      approval: change.approval,
      breakGlass: change.breakGlass,
      applyAt: change.applyAt,
      expiresAt: change.expiresAt,
      operations: (change.plan?.operations ?? []).map(operation => ({
        ...operation,
        attemptId: change.operations[operation.index]?.auditId,
      })),
      guardrails: change.guardrails,
      dryRun,
    },
  };
}
