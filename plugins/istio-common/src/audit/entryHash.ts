import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import canonicalize from 'canonicalize';
import { hashLeaf } from './merkle';
import type { AuditHeader, AuditPayload, Digest } from './types';

/** `prevHash` of the first entry. */
export const NO_HASH = '0'.repeat(64);

/** RFC 8785 form of a JSON value. */
export function toCanonicalJson(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

/**
 * Hex SHA-256(salt || payload). Over the stored text as it is: it was canonical when it was written,
 * and any other spelling is an edit.
 */
export function commitPayload(
  { salt, json }: AuditPayload,
  digest: Digest,
): string {
  const head = hexToBytes(salt);
  const text = utf8ToBytes(json);
  const bytes = new Uint8Array(head.length + text.length);
  bytes.set(head);
  bytes.set(text, head.length);
  return bytesToHex(digest.sha256(bytes));
}

/**
 * The bytes an entry stands for: its header in RFC 8785 form. Version 1. The fields stand in the order
 * of their names and hold texts and whole numbers, so JSON itself is that form.
 */
function headerText(header: AuditHeader): string {
  return JSON.stringify({
    actor: header.actor,
    event: header.eventKind,
    id: header.id,
    kind: header.kind,
    occurredAt: header.occurredAt,
    opId: header.opId,
    payload: header.payloadCommit,
    prev: header.prevHash,
    recordedAt: header.recordedAt,
    seq: header.seq,
    target: header.target,
    v: 1,
  });
}

/** RFC 6962 leaf hash of an entry's header; the next entry's `prevHash`. */
export function hashEntry(header: AuditHeader, digest: Digest): Uint8Array {
  return hashLeaf(utf8ToBytes(headerText(header)), digest);
}
