import { z } from 'zod';
import {
  istioAuditExportPermission,
  istioAuditReadPermission,
  istioAuditRedactPermission,
} from '../permissions';
import {
  auditCoverageSchema,
  auditEntryParamsSchema,
  auditEntryViewSchema,
  auditExportQuerySchema,
  auditListQuerySchema,
  auditListSchema,
  auditPackQuerySchema,
  auditVerificationSchema,
  redactionRequestSchema,
} from './audit';
import { INVALID } from './answers';
import type { ApiRoute } from './routes';

/** The rows of `API_ROUTES` about the audit log. */
export const AUDIT_ROUTES = {
  listAuditEntries: {
    method: 'GET',
    path: '/v1/audit/entries',
    summary:
      'Entries of the audit log, newest first; what is read is recorded too',
    scope: 'list',
    permission: istioAuditReadPermission,
    query: auditListQuerySchema,
    response: auditListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {
      400: INVALID,
      403: 'The record of the component that was asked for may not be read.',
      503: 'The reading cannot be recorded.',
    },
  },
  redactAuditEntry: {
    method: 'POST',
    path: '/v1/audit/entries/:seq/redaction',
    summary: 'Take the details of an entry out; the entry itself stays',
    scope: 'global',
    permission: istioAuditRedactPermission,
    params: auditEntryParamsSchema,
    body: redactionRequestSchema,
    response: auditEntryViewSchema,
    status: 201,
    mediaType: 'application/json',
    errors: {
      400: INVALID,
      403: 'The permission is missing.',
      404: 'The log has no such entry.',
      409: 'The details are gone already, or the log needs them.',
    },
  },
  verifyAuditLog: {
    method: 'GET',
    path: '/v1/audit/verification',
    summary: 'Whether the log is what was recorded, as far as the portal sees',
    scope: 'global',
    permission: istioAuditExportPermission,
    response: auditVerificationSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 403: 'The permission is missing.' },
  },
  getAuditCoverage: {
    method: 'GET',
    path: '/v1/audit/coverage',
    summary: 'The last checkpoints of the log, and where they are kept',
    scope: 'signedIn',
    response: auditCoverageSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {},
  },
  makeEvidencePack: {
    method: 'GET',
    path: '/v1/audit/pack',
    summary:
      'A signed folder about a period, zipped: a page to read, the export with its proof, the verification',
    scope: 'global',
    permission: istioAuditExportPermission,
    query: auditPackQuerySchema,
    response: z.string(),
    status: 200,
    mediaType: 'application/zip',
    errors: {
      400: `${INVALID} So is a period with more entries than a pack holds.`,
      403: 'The permission is missing.',
      404: 'The period has no entries.',
      409: 'The log contradicts its last checkpoint; verify it.',
    },
  },
  exportAuditLog: {
    method: 'GET',
    path: '/v1/audit/export',
    summary:
      'All entries of a period, with the proof that none is missing (ndjson) or for a spreadsheet (csv); with other filters a selection',
    scope: 'global',
    permission: istioAuditExportPermission,
    query: auditExportQuerySchema,
    response: z.string(),
    status: 200,
    mediaType: 'application/x-ndjson',
    errors: {
      400: INVALID,
      403: 'The permission is missing.',
      404: 'No entry is found.',
      409: 'The log contradicts its last checkpoint; verify it.',
    },
  },
} as const satisfies Record<string, ApiRoute>;
