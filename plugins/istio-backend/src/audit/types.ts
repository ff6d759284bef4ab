import type { ChangeEvent } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';

/**
 * What an entry says happened. `requested` begins a change that waits for approval or its time;
 * `intent` stands before any request is sent, `outcome` after each
 * answer; the rest close or continue the story of one operation.
 */
export type AuditEntryKind =
  | 'requested'
  | 'approved'
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'superseded'
  | 'intent'
  | 'outcome'
  | 'applied'
  | 'denied'
  | 'conflict'
  | 'failed'
  | 'partial'
  | 'indeterminate'
  | 'observed'
  | 'verified'
  | 'unverifiable'
  | 'undone'
  | 'reverted'
  | 'recovered'
  | 'resolved'
  | 'reviewed';

/** One entry to be appended. Payloads never carry tokens or Secret objects. */
export interface NewAuditEntry {
  /** The change or, for tries that never became one, the try's own ULID. */
  opId: string;
  kind: AuditEntryKind;
  /** Epoch milliseconds by the clock of who reports it; the order is the log's own. */
  occurredAt: number;
  /** Entity ref of the person, or `system` for what the portal found out by itself. */
  actor: string;
  /** Entity ref the entry is about. */
  target: string;
  /** Details that redaction may remove later; the columns above stay. */
  payload: Record<string, unknown>;
  /** The step of "What happened" this entry shows as; absent for details. */
  event?: Pick<ChangeEvent, 'kind' | 'text'>;
}

/** An entry as the log keeps it. */
export interface AuditEntry extends NewAuditEntry {
  /** Position in the log. */
  seq: number;
  /** ULID. */
  id: string;
  /** Epoch milliseconds by the database's clock. */
  recordedAt: number;
}

/**
 * The append-only record. Chain, checkpoints and proofs come behind this port; callers only append
 * and read. An append that fails throws, and then nothing the entry announces may happen.
 */
export interface AuditLog {
  append(entries: NewAuditEntry[]): Promise<void>;
  list(query: {
    opIds?: string[];
    afterSeq?: number;
    limit?: number;
  }): Promise<AuditEntry[]>;
  /** Steps of "What happened" per operation, oldest first. */
  events(opIds: string[]): Promise<Map<string, ChangeEvent[]>>;
}

/** An audit log that can join the transaction of the state it records. */
export interface TransactionalAuditLog extends AuditLog {
  appendWithin(
    transaction: Knex.Transaction,
    entries: NewAuditEntry[],
  ): Promise<void>;
}
