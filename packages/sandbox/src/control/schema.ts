import { z } from 'zod';
import { failureSchema } from '../scenario/schema';

/** POST /sandbox/state */
export const stateRequestSchema = z
  .object({
    state: z.enum(['up', 'slow', 'dead']),
    /** Milliseconds every answer waits while slow. */
    delayMs: z.number().int().min(0).max(120_000).optional(),
  })
  .strict();

/** POST /sandbox/faults: one fault of the Kubernetes API. */
export const faultRequestSchema = z
  .object({
    match: z
      .object({
        method: z.string().optional(),
        /** Regular expression over path and query. */
        path: z.string().optional(),
        verb: z.string().optional(),
        resource: z.string().optional(),
        user: z.string().optional(),
      })
      .strict()
      .default({}),
    times: z.number().int().positive().optional(),
    delayMs: z.number().int().min(0).max(120_000).optional(),
    dropAfterEffect: z.boolean().optional(),
    status: z.number().int().min(400).max(599).optional(),
    message: z.string().optional(),
    retryAfter: z.number().int().min(0).optional(),
    breakWatch: z
      .object({
        how: z.enum(['cut', 'gone', 'garbage']),
        afterEvents: z.number().int().min(0).optional(),
      })
      .strict()
      .optional(),
  })
  .strict();

const changeSchema = z.discriminatedUnion('type', [
  /** A share of the requests of an edge fails from now on; 0 ends it. */
  failureSchema.extend({ type: z.literal('failure') }),
  z.object({ type: z.literal('clearFailures') }).strict(),
  /** Requests per second of a sender, over all clusters. */
  z
    .object({
      type: z.literal('rate'),
      sender: z.string(),
      rate: z.number().min(0),
    })
    .strict(),
  /** How many pods of a workload are ready. */
  z
    .object({
      type: z.literal('readiness'),
      namespace: z.string(),
      workload: z.string(),
      ready: z.number().int().min(0),
    })
    .strict(),
  /** How the proxies of a workload stand to istiod. */
  z
    .object({
      type: z.literal('proxies'),
      namespace: z.string(),
      workload: z.string(),
      state: z.enum(['synced', 'stale', 'refused', 'disconnected']),
    })
    .strict(),
]);

/** POST /sandbox/world */
export const worldRequestSchema = z
  .object({ changes: z.array(changeSchema).min(1) })
  .strict();

export type WorldRequestChange = z.infer<typeof changeSchema>;
export type FaultRequest = z.infer<typeof faultRequestSchema>;
