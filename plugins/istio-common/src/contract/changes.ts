import { z } from 'zod';
import { changeSchema, changeStateSchema } from '../changes/types';
import { intentSchema } from '../intents/intent';

export const reasonSchema = z
  .string()
  .trim()
  .min(3, 'must say why, in at least 3 characters')
  .max(2000);
export const ticketSchema = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\s]*$/, 'must not contain spaces');

/**
 * Made by the client for one submission, `scaffolder:TASK:STEP`. The same person with the same key
 * gets the change that the first submission made, so a client that lost the answer can ask again.
 */
const idempotencyKeySchema = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(200)
  .regex(/^[!-~]*$/, 'must not contain spaces or characters beyond ASCII');
const timeSchema = z.string().datetime({
  offset: true,
  message: 'must be a time with its offset, for example 2026-01-31T09:00:00Z',
});

export const previewRequestSchema = z.object({
  entityRef: z.string(),
  intent: intentSchema,
  /** When it would be applied, where that is not at once: what is frozen now may not be so then. */
  applyAt: timeSchema.optional(),
  /** Past approval and freezes, in an emergency; needs its own permission. */
  breakGlass: z.boolean().optional(),
});
export type PreviewRequest = z.infer<typeof previewRequestSchema>;

export const submitRequestSchema = z.object({
  entityRef: z.string(),
  intent: intentSchema,
  reason: reasonSchema,
  ticket: ticketSchema.optional(),
  /** Hash of the plan the person saw; another plan now is a conflict. */
  planHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash of a preview'),
  idempotencyKey: idempotencyKeySchema.optional(),
  /** Not before; absent: at once, or when the last approval is there. */
  applyAt: timeSchema.optional(),
  /** Past approval and freezes, in an emergency; somebody else reviews it afterwards. */
  breakGlass: z.boolean().optional(),
  /** When the change is taken back by itself. */
  expiresAt: timeSchema.optional(),
});
export type SubmitRequest = z.infer<typeof submitRequestSchema>;

export const revertRequestSchema = z.object({
  reason: reasonSchema,
  ticket: ticketSchema.optional(),
  planHash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RevertRequest = z.infer<typeof revertRequestSchema>;

export const changeListQuerySchema = z.object({
  entityRef: z.string().optional(),
  state: changeStateSchema.optional(),
  /** Made by the portal, or seen by the watch and made outside. */
  origin: z.enum(['portal', 'outside']).optional(),
  by: z.string().optional(),
  search: z.string().max(200).optional(),
  /** ISO times. */
  from: z.string().datetime().optional(),
  to: z.string().datetime().optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
export type ChangeListQuery = z.infer<typeof changeListQuerySchema>;

export const changeListSchema = z.object({
  items: z.array(changeSchema),
  /** Pass as `cursor` for the next page; absent on the last. */
  nextCursor: z.string().optional(),
});
export type ChangeList = z.infer<typeof changeListSchema>;

export const changeParamsSchema = z.object({
  id: z
    .string()
    .max(64)
    .regex(/^[0-9A-Za-z_-]+$/, 'must be the id of a change'),
});
