/** Kinds of entries about the log itself; their target is `audit:…`. */
export const LOG_KINDS = [
  'imported',
  'auditRead',
  'auditRefused',
  'auditExport',
  'signingKey',
  'keyRotation',
  'anchorFailed',
  'anchorRestored',
  'checkpointRefused',
  'redaction',
  'retention',
  'legalHold',
  'legalHoldReleased',
] as const;

/**
 * What an entry says happened; a new kind is one line here. `requested` begins a change that waits
 * for approval or its time; `intent` stands before any request is sent, `outcome` after each answer;
 * `proposed` and `merged` are what became of it in Git; the rest close or continue the story of one operation, or are about the log itself.
 */
export const AUDIT_ENTRY_KINDS = [
  'requested',
  'approved',
  'declined',
  'cancelled',
  'expired',
  'superseded',
  'intent',
  'outcome',
  'proposed',
  'merged',
  'applied',
  'denied',
  'conflict',
  'failed',
  'partial',
  'indeterminate',
  'observed',
  'verified',
  'unverifiable',
  'undone',
  'reverted',
  'recovered',
  'resolved',
  'reviewed',
  // Of changes that the portal did not make.
  'externalChange',
  'adopted',
  ...LOG_KINDS,
] as const;

export type AuditEntryKind = (typeof AUDIT_ENTRY_KINDS)[number];

/** Kinds that say how an operation ended, in the order in which a person looks for them: what a search finds by result. */
export const AUDIT_RESULTS = [
  'applied',
  'verified',
  'unverifiable',
  'denied',
  'failed',
  'conflict',
  'partial',
  'indeterminate',
  'undone',
  'reverted',
  'recovered',
] as const satisfies readonly AuditEntryKind[];

/**
 * Kinds whose payload neither redaction nor retention takes: without it the log could no longer be
 * judged.
 */
export const LASTING_KINDS: readonly AuditEntryKind[] = [
  'imported',
  'signingKey',
  'keyRotation',
  'redaction',
  'retention',
  'legalHold',
  'legalHoldReleased',
];
