import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import type {
  AuditCoverage,
  AuditEntryView,
  AuditExportQuery,
  AuditList,
  AuditListQuery,
  AuditPackQuery,
  AuditVerification,
  RedactionRequest,
} from '@istio-backstage/plugin-istio-common';

/** Who asks. */
export interface AuditContext {
  credentials: BackstageCredentials<BackstageUserPrincipal>;
  /** For the portal's own auditor. */
  request?: Request;
}

/** An export on its way: first what it is, then its text piece by piece. */
export interface AuditExport {
  fileName: string;
  mediaType: string;
  pieces: AsyncIterable<string | Uint8Array>;
}

/**
 * The audit log for people.
 *
 * Errors: `NotAllowedError` (permission), `NotFoundError` (no such entry, no entries in the period),
 * `ConflictError` (the details are gone or needed; the log contradicts its checkpoint),
 * `InputError` (names the field).
 */
export interface AuditService {
  search(query: AuditListQuery, context: AuditContext): Promise<AuditList>;
  redact(
    seq: number,
    request: RedactionRequest,
    context: AuditContext,
  ): Promise<AuditEntryView>;
  /** What vouches for the log at present; no entries. */
  coverage(context: AuditContext): Promise<AuditCoverage>;
  /** Against the configured anchors too, as far as they can be read. */
  verify(context: AuditContext): Promise<AuditVerification>;
  exportLog(
    query: AuditExportQuery,
    context: AuditContext,
  ): Promise<AuditExport>;
  /** A signed archive about a period. */
  makePack(query: AuditPackQuery, context: AuditContext): Promise<AuditExport>;
}
