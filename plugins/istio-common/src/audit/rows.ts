import type { LogCheckpoint, LogEntry, LogNode } from './types';

/** Tables of the log; `delivery` is state and no evidence. */
export const AUDIT_TABLES = {
  entry: 'audit_entry',
  payload: 'audit_payload',
  head: 'audit_head',
  node: 'audit_node',
  checkpoint: 'audit_checkpoint',
  delivery: 'audit_delivery',
  forward: 'audit_forward',
  ref: 'audit_ref',
  text: 'audit_text',
  /** Full-text index of SQLite. */
  words: 'audit_words',
} as const;

/** Numbers come as text from Postgres, whose integers are wider than JavaScript's. */
type Big = number | string;

export interface EntryRow {
  seq: Big;
  entry_id: string;
  op_id: string;
  kind: string;
  occurred_at: Big;
  recorded_at: Big;
  actor: string;
  target: string;
  event_kind: string | null;
  payload_commit: string;
  prev_hash: string;
  entry_hash: string;
}

/** No value is no number, not even 0. */
function toNumber(value: Big | null): number {
  return value === null ? NaN : Number(value);
}

/** An entry joined with its payload. */
export interface FullRow extends EntryRow {
  salt: string | null;
  json: string | null;
}

export interface CheckpointRow {
  number: Big;
  size: Big;
  root: string;
  note: string;
}

export interface NodeRow {
  level: Big;
  idx: Big;
  hash: string;
}

export function toNode(row: NodeRow): LogNode {
  return {
    level: toNumber(row.level),
    index: toNumber(row.idx),
    hash: String(row.hash),
  };
}

export function toEntryRow(entry: LogEntry): EntryRow {
  return {
    seq: entry.seq,
    entry_id: entry.id,
    op_id: entry.opId,
    kind: entry.kind,
    occurred_at: entry.occurredAt,
    recorded_at: entry.recordedAt,
    actor: entry.actor,
    target: entry.target,
    event_kind: entry.eventKind ?? null,
    payload_commit: entry.payloadCommit,
    prev_hash: entry.prevHash,
    entry_hash: entry.entryHash,
  };
}

export function toLogEntry(row: FullRow): LogEntry {
  return {
    seq: toNumber(row.seq),
    id: row.entry_id,
    opId: row.op_id,
    kind: row.kind,
    occurredAt: toNumber(row.occurred_at),
    recordedAt: toNumber(row.recorded_at),
    actor: row.actor,
    target: row.target,
    ...(row.event_kind === null ? {} : { eventKind: row.event_kind }),
    payloadCommit: row.payload_commit,
    prevHash: row.prev_hash,
    entryHash: row.entry_hash,
    ...(row.salt === null || row.json === null
      ? {}
      : { payload: { salt: String(row.salt), json: String(row.json) } }),
  };
}

export function toCheckpoint(row: CheckpointRow): LogCheckpoint {
  return {
    number: toNumber(row.number),
    size: toNumber(row.size),
    root: row.root,
    note: String(row.note ?? ''),
  };
}
