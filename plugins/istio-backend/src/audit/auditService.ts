import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AuditEntryView,
  AuditExportQuery,
  AuditList,
  AuditListQuery,
  LogReport,
  RedactionRequest,
} from '@istio-backstage/plugin-istio-common';

/** Who asks. */
export interface AuditContext {
  credentials: BackstageCredentials<BackstageUserPrincipal>;
}

/** An export on its way: first what it is, then its text piece by piece. */
export interface AuditExport {
  fileName: string;
  mediaType: string;
  pieces: AsyncIterable<string>;
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
  verify(context: AuditContext): Promise<LogReport>;
  exportLog(
    query: AuditExportQuery,
    context: AuditContext,
  ): Promise<AuditExport>;
}
