import { z } from 'zod';
import { serviceTargetShape } from '../routing/schema';

/** What a port accepts; `INHERIT` leaves it to the next wider level. */
export const mtlsModeChoiceSchema = z.enum([
  'STRICT',
  'PERMISSIVE',
  'DISABLE',
  'INHERIT',
]);
export type MtlsModeChoice = z.infer<typeof mtlsModeChoiceSchema>;

/**
 * What the pods behind a Service accept, its whole namespace, or the whole mesh. A port is one of the pods
 * (container port), which is how Istio names it.
 */
export const mtlsModeParamsSchema = z
  .object({
    ...serviceTargetShape,
    level: z.enum(['mesh', 'namespace', 'workload']),
    /** Only this port of the pods; Istio knows ports on the level of workloads only. */
    port: z.number().int().min(1).max(65_535).optional(),
    mode: mtlsModeChoiceSchema,
  })
  .refine(({ level, port }) => port === undefined || level === 'workload', {
    path: ['port'],
    message: 'is possible with level workload only',
  });
export type MtlsModeParams = z.infer<typeof mtlsModeParamsSchema>;
