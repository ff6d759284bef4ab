const ERRORS = new Set(['anchorFailed', 'checkpointRefused', 'indeterminate']);
const WARNINGS = new Set([
  'auditRefused',
  'conflict',
  'denied',
  'failed',
  'keyRotation',
  'partial',
  'redaction',
  'undone',
]);

/** How loud another system should take an entry of this kind. */
export function severityOf(kind: string): 'info' | 'warning' | 'error' {
  if (ERRORS.has(kind)) return 'error';
  return WARNINGS.has(kind) ? 'warning' : 'info';
}
