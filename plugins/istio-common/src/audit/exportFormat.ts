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
