/**
 * What an entry says happened; a new kind is one line here. `intent` stands before any request is
 * sent, `outcome` after each answer; the rest close or continue the story of one operation, or are
 * about the log itself.
 */
export const AUDIT_ENTRY_KINDS = [
  'intent',
  'outcome',
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
  // About the log itself.
  'imported',
  'auditRead',
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

export type AuditEntryKind = (typeof AUDIT_ENTRY_KINDS)[number];

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
