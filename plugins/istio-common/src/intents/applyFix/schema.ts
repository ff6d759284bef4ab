import { z } from 'zod';
import { nameSchema } from '../routing/schema';

/**
 * Which finding's fix. What the fix does is not among the parameters: it is computed anew from the rule and the
 * object as it is, so that nobody can send another patch under a finding's name.
 */
export const applyFixParamsSchema = z.object({
  clusters: z.array(z.string().min(1)).min(1),
  /** Code of the rule. */
  code: z.string().regex(/^ISB\d{4}$/, 'must be a code like ISB0101'),
  object: z.object({
    apiVersion: z.string().min(1).max(200),
    kind: z.string().min(1).max(63),
    namespace: nameSchema,
    name: nameSchema,
  }),
  /** The finding's field, `spec.http[0]`; empty for the object as a whole. */
  path: z.string().max(500),
  /** What the fix said it would do; one that would do something else now is not carried out. */
  title: z.string().min(1).max(500),
});
export type ApplyFixParams = z.infer<typeof applyFixParamsSchema>;
