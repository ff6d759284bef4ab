import { z } from 'zod';
import { AUDIT_ENTRY_KINDS } from '../audit/entryKinds';
import { reasonSchema } from './changes';

const time = z.string().datetime({ offset: true });
const position = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What entries are found by; all that is given must hold. */
const auditFiltersSchema = z.object({
  /** Entity ref of who acted, or `system`. */
  by: z.string().max(512).optional(),
  /** Entity ref the entry is about. */
  entityRef: z.string().max(512).optional(),
  /** The whole thread of one operation. */
  opId: z.string().max(64).optional(),
  kind: z.enum(AUDIT_ENTRY_KINDS).optional(),
  /** Entries about components, or those about the log itself; both unless told. */
  scope: z.enum(['components', 'log']).optional(),
  cluster: z.string().max(253).optional(),
  /** `VirtualService catalog/reviews`. */
  object: z.string().max(512).optional(),
  result: z.string().max(64).optional(),
  ticket: z.string().max(200).optional(),
  /** Words of titles, reasons and messages, by their beginning; all must be there. */
  search: z.string().max(200).optional(),
  /** By the time of the record; `to` is not part of it. */
  from: time.optional(),
  to: time.optional(),
});
export type AuditFilters = z.infer<typeof auditFiltersSchema>;

/** A search of the log, page by page. */
export const auditListQuerySchema = auditFiltersSchema.extend({
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'must be the nextCursor of an answer')
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
export type AuditListQuery = z.infer<typeof auditListQuerySchema>;

/** What the operation of an entry is about, from its first entry, so that any of them can be read alone. */
export const auditHeadingSchema = z.object({
  /** Entity ref of who asked for it. */
  by: z.string(),
  title: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
  clusters: z.array(z.string()),
  /** `VirtualService catalog/reviews`. */
  objects: z.array(z.string()),
});
export type AuditHeading = z.infer<typeof auditHeadingSchema>;

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
  /** Absent where the first entry of the operation was redacted, or is about something else. */
  heading: auditHeadingSchema.optional(),
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

/** What an anchor showed of itself when the log was verified. */
export const anchorComparisonSchema = z.object({
  name: z.string(),
  /**
   * `agrees`: what it keeps fits the log. `contradicts`: it does not. `empty`: it keeps nothing.
   * `failed`: it could not be read now. `notReadable`: the portal can write to it and not read it.
   */
  state: z.enum(['agrees', 'contradicts', 'empty', 'failed', 'notReadable']),
  /** Checkpoints that were compared; the newest ones, where it keeps many. */
  compared: z.number().int(),
  /** Size of the largest checkpoint that agrees. */
  coveredTo: z.number().int(),
  message: z.string().optional(),
});
export type AnchorComparison = z.infer<typeof anchorComparisonSchema>;

/** The report that `istio-portal audit verify` gives too. */
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

/** Answer of the verification in the portal. */
export const auditVerificationSchema = logReportSchema.extend({
  /** When it began. */
  at: z.string(),
  /** One per configured anchor. */
  anchorsRead: z.array(anchorComparisonSchema),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

const checkpointViewSchema = z.object({
  number: z.number().int(),
  /** It covers entries 1 to this one. */
  size: z.number().int(),
  root: z.string(),
  isSigned: z.boolean(),
  /**
   * When the last entry that it covers was recorded; a checkpoint has no time of its own. Absent where
   * that entry is gone.
   */
  coversUntil: z.string().optional(),
});

/** Where checkpoints are kept beside the database; delivery is state and no evidence. */
const anchorViewSchema = z.object({
  name: z.string(),
  /** Whether the portal can read back what it keeps. */
  isReadable: z.boolean(),
  /** The last checkpoint it took. */
  delivered: z
    .object({
      number: z.number().int(),
      size: z.number().int(),
      at: z.string(),
    })
    .optional(),
  /** Why the next one is not there yet, and when it is tried again. */
  failure: z
    .object({
      /** For who may export the log. */
      message: z.string().optional(),
      attempts: z.number().int(),
      nextAt: z.string(),
    })
    .optional(),
});

/** What vouches for the log at present, as the portal's own database says. */
export const auditCoverageSchema = z.object({
  /** Position of the last entry; 0 for an empty log. */
  entries: z.number().int(),
  /** The newest ones, newest first. */
  checkpoints: z.array(checkpointViewSchema),
  anchors: z.array(anchorViewSchema),
  /** Verifier key of the signing key; absent for a log that is not signed. */
  key: z.string().optional(),
});
export type AuditCoverage = z.infer<typeof auditCoverageSchema>;

/**
 * A period as a whole, or a selection: with any other filter, NDJSON proves of each entry that it is in
 * the log, and of none that it was not left out.
 */
export const auditExportQuerySchema = auditFiltersSchema.extend({
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
});
export type AuditExportQuery = z.infer<typeof auditExportQuerySchema>;

/** A period; an evidence pack has no other filter, so that it is complete. */
export const auditPackQuerySchema = auditFiltersSchema.pick({
  from: true,
  to: true,
});
export type AuditPackQuery = z.infer<typeof auditPackQuerySchema>;

export const auditEntryParamsSchema = z.object({ seq: position });

export const redactionRequestSchema = z.object({
  reason: reasonSchema,
  /** Entity ref of who agreed; not the one who asks. */
  approvedBy: z.string().min(1).max(512),
});
export type RedactionRequest = z.infer<typeof redactionRequestSchema>;
