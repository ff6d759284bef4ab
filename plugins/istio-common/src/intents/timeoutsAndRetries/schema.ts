import { z } from 'zod';
import { durationSchema } from '../routing/durationSchema';
import { routeTargetSchema, serviceTargetShape } from '../routing/schema';
import { RETRY_CONDITIONS } from './retryConditions';

const retriesSchema = z.discriminatedUnion('mode', [
  /** Nothing is written: Istio's own two, or what the mesh sets. */
  z.object({ mode: z.literal('default') }),
  z.object({ mode: z.literal('off') }),
  z.object({
    mode: z.literal('on'),
    /** Tries after the first one. */
    attempts: z.number().int().min(1).max(10),
    perTryTimeout: durationSchema.optional(),
    /** Conditions of Envoy; with none and no code, Istio's own. */
    retryOn: z.array(z.enum(RETRY_CONDITIONS)).default([]),
    /** Answers that are tried again, e.g. 503. */
    statusCodes: z.array(z.number().int().min(400).max(599)).default([]),
  }),
]);

/**
 * How long callers wait for a Service, and how often they try again: of one rule of a route that exists,
 * or of a new one for all requests.
 */
export const timeoutsAndRetriesParamsSchema = z.object({
  ...serviceTargetShape,
  /** The rule to edit; absent: the routing object is created. */
  route: routeTargetSchema.optional(),
  /** Of a request with all its tries; absent: none. */
  timeout: durationSchema.optional(),
  retries: retriesSchema,
});
export type TimeoutsAndRetriesParams = z.infer<
  typeof timeoutsAndRetriesParamsSchema
>;
export type RetriesParam = TimeoutsAndRetriesParams['retries'];
