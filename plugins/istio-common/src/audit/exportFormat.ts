import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const position = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Name and version of the format, in the first line. */
export const EXPORT_FORMAT = 'istio-portal-audit/1';

export const logCheckpointSchema = z.object({
  number: position,
  size: position,
  root: hash,
  note: z.string(),
});

/**
 * First line of an export: which entries follow, and the hashes that join them to the tree a
 * checkpoint speaks of. Nothing between first and last can be left out without it showing.
 */
export const exportManifestSchema = z.object({
  type: z.literal('manifest'),
  format: z.literal(EXPORT_FORMAT),
  first: position,
  last: position,
  count: position,
  /** The tree that the proof leads to. */
  tree: z.object({ size: position, root: hash }),
  /** Absent for a log that has none yet. */
  checkpoint: logCheckpointSchema.optional(),
  /** Verifier key of the log when the export was made; for convenience, not for trust. */
  key: z.string().optional(),
  proof: z.object({ before: z.array(hash), after: z.array(hash) }),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

/** One line per entry, in order. */
export const exportEntrySchema = z.object({
  type: z.literal('entry'),
  seq: position,
  id: z.string(),
  opId: z.string(),
  kind: z.string(),
  occurredAt: z.number(),
  recordedAt: z.number(),
  actor: z.string(),
  target: z.string(),
  eventKind: z.string().optional(),
  payloadCommit: hash,
  prevHash: hash,
  entryHash: hash,
  payload: z.object({ salt: z.string(), json: z.string() }).optional(),
});
export type ExportEntry = z.infer<typeof exportEntrySchema>;

/** Name and version of the format of a selection. */
export const SELECTION_FORMAT = 'istio-portal-audit-selection/1';

/** First line of a selection: each entry that follows proves that it is in this tree. */
export const selectionManifestSchema = z.object({
  type: z.literal('manifest'),
  format: z.literal(SELECTION_FORMAT),
  /** What was looked for. */
  query: z.record(z.unknown()),
  tree: z.object({ size: position, root: hash }),
  checkpoint: logCheckpointSchema,
  /** Verifier key of the log when the export was made; for convenience, not for trust. */
  key: z.string().optional(),
});
export type SelectionManifest = z.infer<typeof selectionManifestSchema>;

/** An entry of a selection with the hashes that lead from it to the root, RFC 9162. */
export const selectionEntrySchema = exportEntrySchema.extend({
  inclusion: z.array(hash).max(64),
});

/** Last line of a selection: without it something was cut off. */
export const selectionEndSchema = z.object({
  type: z.literal('end'),
  count: position,
});
