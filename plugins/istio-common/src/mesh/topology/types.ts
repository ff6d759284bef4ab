import { z } from 'zod';
import { healthStatusSchema } from '../health/types';

export const neighbourSchema = z.object({
  direction: z.enum(['caller', 'callee']),
  /** Canonical service of the workloads, else the workload, Service or host; `unknown` where telemetry does not say. */
  name: z.string(),
  namespace: z.string().optional(),
  /** `workload` in the cluster, `service` known by host only, `external` host of a ServiceEntry, `unknown`. */
  kind: z.enum(['workload', 'service', 'external', 'unknown']),
  /** Workloads behind the name, most requests first: what the catalog is asked for. */
  workloads: z.array(z.string()).optional(),
  outsideMesh: z.boolean(),
  requestsPerSecond: z.number(),
  requests: z.number(),
  errorShare: z.number().optional(),
  tcpConnections: z.number(),
  status: healthStatusSchema,
  entityRef: z.string().optional(),
  ownerRef: z.string().optional(),
});
export type Neighbour = z.infer<typeof neighbourSchema>;
