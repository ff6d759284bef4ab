import { z } from 'zod';
import {
  componentAccessAnswerSchema,
  componentAuthorizationSchema,
} from '../mesh/authorization/componentAccess';
import { strictReadinessSchema } from '../mesh/mtls/strictReadiness';
import { mtlsResultSchema } from '../mesh/mtls/types';
import { entityMatchSchema } from '../entity/types';
import {
  clusterStatusSchema,
  meshQuerySchema,
  sourceErrorSchema,
  windowSchema,
} from './mesh';

/** The traffic that is to prove something: `6h`, `1d` …, at most 7 days. */
export const evidenceQuerySchema = z
  .string()
  .regex(
    /^([1-9]h|1\d?h|2[0-4]h|[1-7]d)$/,
    'must be hours or days, for example 6h or 1d (at most 7d)',
  )
  .default('1d');

export const securityQuerySchema = meshQuerySchema.extend({
  over: evidenceQuerySchema,
});

/** Everything the Mesh tab's Security view shows but the answer to a question. */
export const componentSecuritySchema = z.object({
  entityRef: z.string(),
  /** Of the callers and of encryption. */
  window: windowSchema,
  /** Of the readiness and of unused grants. */
  evidence: windowSchema,
  clusters: z.array(clusterStatusSchema),
  match: entityMatchSchema,
  /** Absent when nothing matched (see match.empty), and so are the others. */
  mtls: mtlsResultSchema.optional(),
  readiness: strictReadinessSchema.optional(),
  access: componentAccessAnswerSchema.optional(),
  /** Workloads of components that the reader may see, to ask about. */
  askable: z.array(z.object({ name: z.string(), entityRef: z.string() })),
  errors: z.array(sourceErrorSchema),
});
export type ComponentSecurity = z.infer<typeof componentSecuritySchema>;

export const readinessQuerySchema = securityQuerySchema.omit({ window: true });

/** Whether the namespaces a component runs in can go STRICT. */
export const namespaceReadinessSchema = z.object({
  entityRef: z.string(),
  evidence: windowSchema,
  items: z.array(
    z.object({ namespace: z.string(), readiness: strictReadinessSchema }),
  ),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type NamespaceReadiness = z.infer<typeof namespaceReadinessSchema>;

const LONG = 4000;

/** "May A call this component?" One of `from` and `fromIp` must be given. */
export const authorizationQuerySchema = z.object({
  clusters: z.string().optional(),
  /** Workload, service account or Service: `namespace/name`. */
  from: z
    .string()
    .max(300)
    .regex(/^[^/\s]+\/[^/\s]+$/, 'must look like namespace/name')
    .optional(),
  /** A caller outside the mesh, by its address. */
  fromIp: z.string().ip().optional(),
  /** Container port; absent: the first that a Service leads to. */
  port: z.coerce.number().int().min(1).max(65535).optional(),
  method: z
    .string()
    .max(40)
    .regex(/^[A-Za-z-]+$/, 'must be an HTTP method')
    .optional(),
  path: z.string().max(LONG).startsWith('/').optional(),
  host: z.string().max(300).optional(),
  /** One per line, `name: value`. */
  headers: z.string().max(LONG).optional(),
  /** Of a valid token, as JSON object; absent: a request without token. */
  claims: z.string().max(LONG).optional(),
});
export type AuthorizationQuery = z.infer<typeof authorizationQuerySchema>;

export const authorizationResponseSchema = componentAuthorizationSchema.extend({
  entityRef: z.string(),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type AuthorizationResponse = z.infer<typeof authorizationResponseSchema>;
