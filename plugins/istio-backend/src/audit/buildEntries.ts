import {
  bytesToHex,
  commitPayload,
  Digest,
  hashEntry,
  LogEntry,
  toCanonicalJson,
} from '@istio-backstage/plugin-istio-common';
import type { PayloadContent } from './toAuditEntry';
import type { NewAuditEntry } from './types';

/** The end of the log that new entries continue. */
export interface LogHead {
  seq: number;
  hash: string;
}

const COLUMN_LENGTH = 512;

/** New entries chained to the head, in their order. */
export function buildEntries(options: {
  head: LogHead;
  entries: readonly NewAuditEntry[];
  /** Epoch milliseconds of the database. */
  recordedAt: number;
  digest: Digest;
  /** Ids and salts, one per entry. */
  makeId: () => string;
  makeSalt: () => string;
}): LogEntry[] {
  const { head, entries, recordedAt, digest, makeId, makeSalt } = options;
  let { seq, hash } = head;
  return entries.map(entry => {
    seq += 1;
    const content: PayloadContent = {
      data: entry.payload,
      ...(entry.event ? { text: entry.event.text } : {}),
    };
    const payload = { salt: makeSalt(), json: toCanonicalJson(content) };
    const header = {
      seq,
      id: makeId(),
      opId: entry.opId,
      kind: entry.kind,
      occurredAt: Math.round(entry.occurredAt),
      recordedAt,
      actor: entry.actor.slice(0, COLUMN_LENGTH),
      target: entry.target.slice(0, COLUMN_LENGTH),
      ...(entry.event ? { eventKind: entry.event.kind } : {}),
      payloadCommit: commitPayload(payload, digest),
      prevHash: hash,
    };
    hash = bytesToHex(hashEntry(header, digest));
    return { ...header, entryHash: hash, payload };
  });
}
