import { z } from 'zod';
import { AUDIT_ENTRY_KINDS } from '../audit/entryKinds';
import { reasonSchema } from './changes';

const time = z.string().datetime({ offset: true });
const position = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Filters of the log; all that are given must hold. */
export const auditListQuerySchema = z.object({
  /** Entity ref of who acted, or `system`. */
  by: z.string().max(512).optional(),
  /** Entity ref the entry is about. */
  entityRef: z.string().max(512).optional(),
  /** The whole thread of one operation. */
  opId: z.string().max(64).optional(),
  kind: z.enum(AUDIT_ENTRY_KINDS).optional(),
  cluster: z.string().max(253).optional(),
  /** `VirtualService catalog/reviews`. */
  object: z.string().max(512).optional(),
  result: z.string().max(64).optional(),
  ticket: z.string().max(200).optional(),
  /** Words of titles, reasons and messages, by their beginning; all must be there. */
  search: z.string().max(200).optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'must be the nextCursor of an answer')
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
export type AuditListQuery = z.infer<typeof auditListQuerySchema>;

export const auditEntryViewSchema = z.object({
  /** Position in the log. */
  seq: z.number().int(),
  id: z.string(),
  opId: z.string(),
  kind: z.string(),
  /** By the clock of who reported it. */
  occurredAt: z.string(),
  /** By the database's clock. */
  recordedAt: z.string(),
  by: z.string(),
  about: z.string(),
  text: z.string().optional(),
  details: z.record(z.unknown()),
  /** The details were taken out by redaction or retention. */
  isRemoved: z.boolean(),
  hash: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntryViewSchema>;

export const auditListSchema = z.object({
  /** Newest first. */
  items: z.array(auditEntryViewSchema),
  /** Pass as `cursor` to go on; absent at the beginning of the log. A page may be short and still have one. */
  nextCursor: z.string().optional(),
});
export type AuditList = z.infer<typeof auditListSchema>;

const rangeSchema = z.object({
  first: z.number().int(),
  last: z.number().int(),
});

/** Answer of the verification; the same report as `istio-portal audit verify` gives. */
export const logReportSchema = z.object({
  verdict: z.enum(['intact', 'broken']),
  origin: z.string().optional(),
  entries: rangeSchema.extend({ count: z.number().int() }),
  root: z.string(),
  checkpoints: z.object({
    count: z.number().int(),
    signed: z.number().int(),
    signedTo: z.number().int(),
  }),
  anchors: z.object({ count: z.number().int(), coveredTo: z.number().int() }),
  uncoveredTail: rangeSchema.optional(),
  redacted: z.array(z.object({ seq: z.number().int(), by: z.number().int() })),
  purged: z.array(
    rangeSchema.extend({ count: z.number().int(), by: z.number().int() }),
  ),
  problems: z.array(
    z.object({
      code: z.string(),
      place: z.string(),
      seq: z.number().int().optional(),
      text: z.string(),
    }),
  ),
  problemCount: z.number().int(),
  notes: z.array(z.string()),
});
export type AuditVerification = z.infer<typeof logReportSchema>;

export const auditExportQuerySchema = z.object({
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
  from: time.optional(),
  to: time.optional(),
});
export type AuditExportQuery = z.infer<typeof auditExportQuerySchema>;

export const auditEntryParamsSchema = z.object({ seq: position });

export const redactionRequestSchema = z.object({
  reason: reasonSchema,
  /** Entity ref of who agreed; not the one who asks. */
  approvedBy: z.string().min(1).max(512),
});
export type RedactionRequest = z.infer<typeof redactionRequestSchema>;
