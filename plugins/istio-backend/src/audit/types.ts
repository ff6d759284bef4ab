import type {
  AuditEntryKind,
  ChangeEvent,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';

export type { AuditEntryKind };

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
  /** The step of "What happened" this entry shows as; absent for details. Redaction takes the text. */
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
  /** The payload was taken out by redaction or retention. */
  isRemoved?: true;
}

/**
 * The append-only record, a hash chain and a Merkle tree. An append that fails throws, and then
 * nothing the entry announces may happen.
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
  /**
   * Other appends wait from here until the transaction ends: let it be the last thing in it, and once
   * per transaction.
   */
  appendWithin(
    transaction: Knex.Transaction,
    entries: NewAuditEntry[],
  ): Promise<void>;
}
