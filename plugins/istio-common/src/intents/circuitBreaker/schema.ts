import { z } from 'zod';
import { durationSchema } from '../routing/durationSchema';
import { serviceTargetShape } from '../routing/schema';

/** Largest number of Istio's API (int32). */
const LARGEST = 2_147_483_647;

const limitSchema = z.number().int().min(1).max(LARGEST).optional();
const countSchema = z.number().int().min(0).max(LARGEST).optional();
const percentSchema = z.number().int().min(1).max(100).optional();

/** How many connections and requests each caller's proxy lets through at once; absent: no limit. */
const poolSchema = z
  .object({
    maxConnections: limitSchema,
    http1MaxPendingRequests: limitSchema,
    http2MaxRequests: limitSchema,
    maxRequestsPerConnection: limitSchema,
    maxRetries: limitSchema,
  })
  .refine(
    pool => Object.values(pool).some(value => value !== undefined),
    'must set at least one limit; leave it out for none',
  );

/** When a failing pod gets no more requests for a while; what is absent is Envoy's own. */
const ejectionSchema = z.object({
  /** Answers of 5xx in a row; 0: these do not count. */
  consecutive5xxErrors: countSchema,
  /** Answers 502, 503, 504 in a row; 0: these do not count. */
  consecutiveGatewayErrors: countSchema,
  interval: durationSchema.optional(),
  baseEjectionTime: durationSchema.optional(),
  maxEjectionPercent: percentSchema,
  minHealthPercent: percentSchema,
});

/**
 * Limits and ejection for the callers of a Service: of all its versions, of one, or of one port. A block
 * that is absent is not written there, so that what stands above it decides.
 */
export const circuitBreakerParamsSchema = z.object({
  ...serviceTargetShape,
  /** Only this version: a subset of the host's DestinationRule. */
  subset: z.string().min(1).max(253).optional(),
  /** Only this port of the Service. */
  port: z.number().int().min(1).max(65_535).optional(),
  connectionPool: poolSchema.optional(),
  ejection: ejectionSchema.optional(),
});
export type CircuitBreakerParams = z.infer<typeof circuitBreakerParamsSchema>;
