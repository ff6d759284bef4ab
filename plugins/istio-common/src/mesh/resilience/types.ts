import { z } from 'zod';
import { decidedBySchema, objectRefSchema } from '../../resources/types';

/** A block or field that was looked at and does not decide, and why. */
export const overruledSchema = z.object({
  decidedBy: decidedBySchema,
  why: z.string(),
});
export type Overruled = z.infer<typeof overruledSchema>;

export const resilienceSettingNameSchema = z.enum([
  'timeout',
  'retries',
  'connectionPool',
  'outlierDetection',
  'connectTimeout',
  'loadBalancer',
  'locality',
  'retryBudget',
]);
export type ResilienceSettingName = z.infer<typeof resilienceSettingNameSchema>;

/** Settings in plain words. */
export const RESILIENCE_WORDS: Record<ResilienceSettingName, string> = {
  timeout: 'Timeout',
  retries: 'Retries',
  connectionPool: 'Connection limit',
  outlierDetection: 'Circuit breaker',
  connectTimeout: 'Connect timeout',
  loadBalancer: 'Load balancing',
  locality: 'Nearby pods',
  retryBudget: 'Retry budget',
};

/** One setting in force, with what decided it. */
export const resilienceSettingSchema = z.object({
  setting: resilienceSettingNameSchema,
  /** `on`: a limit or behaviour is in force; `off`: none; `unknown`: what decides it could not be read. */
  state: z.enum(['on', 'off', 'unknown']),
  /** In words: "10 s", "100 open, 50 waiting", "None". */
  text: z.string(),
  /** A second line in words. */
  detail: z.string().optional(),
  /** In the terms of Istio's API, defaults filled in; absent where off or unknown. */
  value: z.record(z.unknown()).optional(),
  decidedBy: decidedBySchema,
  overruled: z.array(overruledSchema),
});
export type ResilienceSetting = z.infer<typeof resilienceSettingSchema>;

/** Settings of one route: they are the caller's proxy's, before a destination is chosen. */
export const routeResilienceSchema = z.object({
  host: z.string(),
  port: z.number(),
  /** Undefined: no object routes the host, Istio's default route. */
  object: objectRefSchema.optional(),
  /** `spec.http[2]` */
  fieldPath: z.string().optional(),
  name: z.string().optional(),
  settings: z.array(resilienceSettingSchema),
  /** Faults that the route injects on purpose, in words. */
  faults: z.array(z.object({ text: z.string(), decidedBy: decidedBySchema })),
});
export type RouteResilience = z.infer<typeof routeResilienceSchema>;

/** Settings towards one destination of the routes. */
export const destinationResilienceSchema = z.object({
  host: z.string(),
  subset: z.string().optional(),
  port: z.number(),
  settings: z.array(resilienceSettingSchema),
});
export type DestinationResilience = z.infer<typeof destinationResilienceSchema>;

/** What an EnvoyFilter does to requests that arrive at a workload. */
export const rateLimitSchema = z.object({
  workload: z.string(),
  namespace: z.string(),
  kind: z.enum(['local', 'global', 'other']),
  text: z.string(),
  detail: z.string().optional(),
  /** Container port it is for; absent: every port. */
  port: z.number().optional(),
  /** Of a local limit, per pod. */
  bucket: z
    .object({
      maxTokens: z.number(),
      tokensPerFill: z.number(),
      fillInterval: z.string(),
    })
    .optional(),
  /** Share of the requests it refuses when the bucket is empty, 0..100; absent: not written as a plain share. */
  enforcedPercent: z.number().optional(),
  decidedBy: decidedBySchema,
});
export type RateLimit = z.infer<typeof rateLimitSchema>;

/** Resilience of a component's Services in one cluster, as callers in one namespace have it. */
export const resilienceAnswerSchema = z.object({
  cluster: z.string(),
  /** Whose proxies use these values. */
  client: z.object({ namespace: z.string(), name: z.string().optional() }),
  routes: z.array(routeResilienceSchema),
  destinations: z.array(destinationResilienceSchema),
  rateLimits: z.array(rateLimitSchema),
  /** EnvoyFilters could be read, so that no limit means none. */
  rateLimitsKnown: z.boolean(),
  /** Rules for callers elsewhere, which decide there instead. */
  otherCallers: z.array(
    z.object({ object: objectRefSchema, text: z.string() }),
  ),
  caveats: z.array(z.string()),
});
export type ResilienceAnswer = z.infer<typeof resilienceAnswerSchema>;
