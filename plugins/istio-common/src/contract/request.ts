import { z } from 'zod';
import { exposureAnswerSchema } from '../mesh/exposure/types';
import { resilienceAnswerSchema } from '../mesh/resilience/types';
import { routeAnswerSchema, routeRequestSchema } from '../mesh/route/types';
import { clusterStatusSchema, sourceErrorSchema } from './mesh';

/** Where the caller's configuration is looked up: clusters of the component, comma separated; absent: all. */
export const clustersQuerySchema = z.object({
  clusters: z.string().optional(),
});

const perCluster = {
  entityRef: z.string(),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
};

/** Timeouts, retries, limits and load balancing of calls to a component, one item per cluster with data. */
export const componentResilienceSchema = z.object({
  ...perCluster,
  items: z.array(resilienceAnswerSchema),
});
export type ComponentResilience = z.infer<typeof componentResilienceSchema>;

/** How a component is reached from outside and what it may reach, one item per cluster with data. */
export const componentExposureSchema = z.object({
  ...perCluster,
  items: z.array(exposureAnswerSchema),
});
export type ComponentExposure = z.infer<typeof componentExposureSchema>;

/** "Where would this request go?", asked in one cluster. */
export const requestQuestionSchema = routeRequestSchema.extend({
  cluster: z.string(),
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  method: z.string().max(32).optional(),
  path: z.string().max(4096).optional(),
});
export type RequestQuestion = z.infer<typeof requestQuestionSchema>;

/** Where the request goes, and the state of the cluster that says so. */
export const requestAnswerSchema = z.object({
  entityRef: z.string(),
  question: requestQuestionSchema,
  answer: routeAnswerSchema,
  cluster: clusterStatusSchema,
});
export type RequestAnswer = z.infer<typeof requestAnswerSchema>;
