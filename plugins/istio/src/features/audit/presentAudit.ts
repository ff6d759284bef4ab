import {
  formatQuantity,
  resolveThreadResult,
  type AuditEntryKind,
  type AuditEntryView,
} from '@istio-backstage/plugin-istio-common';
import { presentRefName } from '../../components';
import type { StatusKind } from '../../components';

/** What an entry of each kind says, in a word or two. */
const KINDS: Record<AuditEntryKind, string> = {
  requested: 'Requested',
  approved: 'Approved',
  declined: 'Declined',
  cancelled: 'Cancelled',
  expired: 'Expired',
  superseded: 'Superseded',
  intent: 'Recorded before sending',
  outcome: 'Answer of the cluster',
  proposed: 'Proposed as a pull request',
  merged: 'Merged in Git',
  applied: 'Applied',
  denied: 'Denied',
  conflict: 'Changed meanwhile',
  failed: 'Failed',
  partial: 'Partly applied',
  indeterminate: 'Outcome unknown',
  observed: 'Seen by the watch',
  verified: 'Verified',
  unverifiable: 'Not provable',
  undone: 'Undone',
  reverted: 'Reverted',
  recovered: 'Recovered after a crash',
  resolved: 'Closed by a person',
  reviewed: 'Reviewed',
  externalChange: 'Changed outside the portal',
  adopted: 'Adopted',
  imported: 'Taken over from an older log',
  auditRead: 'Log read',
  auditRefused: 'Reading refused',
  auditExport: 'Log exported',
  signingKey: 'Signing key',
  keyRotation: 'Signing key changed',
  anchorFailed: 'Anchor failed',
  anchorRestored: 'Anchor works again',
  checkpointRefused: 'Checkpoint refused',
  redaction: 'Details redacted',
  retention: 'Details removed by age',
  legalHold: 'Legal hold',
  legalHoldReleased: 'Legal hold released',
};

/** The kind of an entry in words; one that a newer backend knows stays as it is. */
export function presentKind(kind: string): string {
  return (KINDS as Record<string, string>)[kind] ?? kind;
}

const STATUS: Record<string, { status: StatusKind; word?: string }> = {
  requested: { status: 'awaitingApproval', word: 'Asked for' },
  approved: { status: 'scheduled', word: 'Approved' },
  declined: { status: 'declined' },
  cancelled: { status: 'cancelled' },
  expired: { status: 'expired' },
  superseded: { status: 'superseded' },
  applied: { status: 'applied' },
  denied: { status: 'denied' },
  conflict: { status: 'conflict' },
  failed: { status: 'failed' },
  partial: { status: 'partial' },
  indeterminate: { status: 'indeterminate' },
  verified: { status: 'verified' },
  unverifiable: { status: 'unverifiable' },
  reverted: { status: 'reverted' },
  recovered: { status: 'applied', word: 'Recovered' },
  resolved: { status: 'applied', word: 'Closed by a person' },
  auditRefused: { status: 'denied', word: 'Refused' },
  anchorFailed: { status: 'failed' },
  checkpointRefused: { status: 'failed', word: 'Refused' },
};

/** How a result looks; undefined for what says nothing of success. */
export function presentResult(
  kind: string | undefined,
): { status: StatusKind; word?: string } | undefined {
  return kind === undefined ? undefined : STATUS[kind];
}

/** Entries of one operation that a search found, newest first. */
export interface AuditGroup {
  opId: string;
  about: string;
  by: string;
  /** Of the newest one that was found. */
  at: string;
  title: string;
  reason?: string;
  ticket?: string;
  clusters: string[];
  objects: string[];
  result?: { status: StatusKind; word?: string };
  entries: AuditEntryView[];
}

/** What was found as one row per operation, in the order of their newest entries. */
export function groupEntries(items: readonly AuditEntryView[]): AuditGroup[] {
  const byOperation = new Map<string, AuditEntryView[]>();
  for (const item of items) {
    const group = byOperation.get(item.opId);
    if (group) group.push(item);
    else byOperation.set(item.opId, [item]);
  }
  return [...byOperation.values()].map(entries => {
    const [newest] = entries;
    const heading = entries.find(entry => entry.heading)?.heading;
    const kind = resolveThreadResult(entries) ?? newest.kind;
    return {
      opId: newest.opId,
      about: newest.about,
      by: heading?.by ?? newest.by,
      at: newest.recordedAt,
      title: heading?.title ?? newest.text ?? presentKind(newest.kind),
      reason: heading?.reason ?? presentAboutLog(newest),
      ticket: heading?.ticket,
      clusters: heading?.clusters ?? [],
      objects: heading?.objects ?? [],
      result: presentResult(kind),
      entries,
    };
  });
}

/** What an entry about the log itself was about, in a sentence. */
export function presentAboutLog({
  kind,
  details,
}: Pick<AuditEntryView, 'kind' | 'details'>): string | undefined {
  const { query, found, verification, message, tried, reason } = details;
  if (kind === 'auditRead' && isRecord(verification)) {
    return `Verification: ${String(verification.verdict)}`;
  }
  if (kind === 'auditRead' && Array.isArray(found)) {
    return `${formatQuantity(
      found.length,
      'entry',
      'entries',
    )} shown, ${presentQuery(query)}`;
  }
  if (kind === 'auditRefused') {
    return `Tried: ${String(tried)}. ${String(message)}`;
  }
  if (kind === 'auditExport') return presentQuery(query);
  const said = message ?? reason;
  return typeof said === 'string' ? said : undefined;
}

function presentQuery(query: unknown): string {
  const parts = isRecord(query)
    ? Object.entries(query)
        .filter(([name]) => !['limit', 'cursor'].includes(name))
        .map(([name, value]) => `${name} ${String(value)}`)
    : [];
  return parts.length === 0 ? 'without filter' : parts.join(', ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A person by name, the portal itself by what it is. */
export function presentActor(by: string): string {
  return by === 'system' ? 'the portal' : presentRefName(by);
}

/** `5b7e…c19d` */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}

/** `14`, `14 to 18`, or `14, 16, 17`. */
export function presentPositions(seqs: readonly number[]): string {
  const sorted = [...seqs].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (sorted.length === 1) return `${first}`;
  return last - first === sorted.length - 1
    ? `${first} to ${last}`
    : sorted.join(', ');
}
