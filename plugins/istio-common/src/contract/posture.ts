import { z } from 'zod';
import { strictReadinessSchema } from '../mesh/mtls/strictReadiness';
import { clusterStatusSchema, sourceErrorSchema, windowSchema } from './mesh';
import { evidenceQuerySchema } from './security';

/** Filters and page of the mesh's security posture. */
export const postureQuerySchema = z.object({
  over: evidenceQuerySchema,
  /** Part of a namespace's name. */
  search: z.string().max(200).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  /** Each namespace costs its telemetry source a question: few at a time. */
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export type PostureQuery = z.infer<typeof postureQuerySchema>;

/** Whether a namespace can go STRICT, over all clusters that have it. */
export const namespacePostureSchema = z.object({
  namespace: z.string(),
  clusters: z.array(z.string()),
  /** Components with workloads there that the reader may see. */
  entityRefs: z.array(z.string()),
  readiness: strictReadinessSchema,
});
export type NamespacePosture = z.infer<typeof namespacePostureSchema>;

/** Answer of `GET /v1/posture`: namespaces by name, those in which the reader may see a component. */
export const meshPostureSchema = z.object({
  evidence: windowSchema,
  items: z.array(namespacePostureSchema),
  /** After the search. */
  total: z.number(),
  /** Before it. */
  all: z.number(),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type MeshPosture = z.infer<typeof meshPostureSchema>;
