import { z } from 'zod';
import { dataPlaneSchema, proxySyncSchema } from '../mesh/dataplane/types';
import { entityMatchSchema } from '../entity/types';
import {
  healthResultSchema,
  healthStatusSchema,
  sentenceSchema,
} from '../mesh/health/types';
import { mtlsResultSchema } from '../mesh/mtls/types';
import { neighbourSchema } from '../mesh/topology/types';
import { trafficSplitSchema } from '../mesh/traffic/types';
import { changeStateSchema } from '../changes/types';

/** `5m`, `30m`, `1h` …: whole minutes or hours, at most 6 h. */
export const windowQuerySchema = z
  .string()
  .regex(
    /^([1-9]\d{0,2}m|[1-6]h)$/,
    'must be minutes or hours, for example 5m or 1h (at most 6h)',
  )
  .default('5m');

export const entityParamsSchema = z.object({
  kind: z.string().min(1),
  namespace: z.string().min(1),
  name: z.string().min(1),
});

export const meshQuerySchema = z.object({
  window: windowQuerySchema,
  /** Comma separated cluster names; absent: all. */
  clusters: z.string().optional(),
});

/** State of one cluster and its sources, shown wherever its data is. */
export const clusterStatusSchema = z.object({
  name: z.string(),
  /** `stale`: it answered once and does not now; values are as they were at `asOf`. */
  state: z.enum(['fresh', 'stale', 'unreachable', 'starting']),
  /** ISO time of the newest proof of life of the watches. */
  asOf: z.string().optional(),
  message: z.string().optional(),
  istioVersion: z.string().optional(),
  metrics: z.object({
    state: z.enum([
      'fresh',
      'stale',
      'unreachable',
      'notConfigured',
      'starting',
    ]),
    asOf: z.string().optional(),
    message: z.string().optional(),
  }),
  /** Kinds whose CRD is not installed or that the service account may not read. */
  missingKinds: z.array(z.object({ kind: z.string(), why: z.string() })),
});
export type ClusterStatus = z.infer<typeof clusterStatusSchema>;

/** A source that failed for this answer; the rest of the answer stands. */
export const sourceErrorSchema = z.object({
  cluster: z.string().optional(),
  source: z.enum(['kubernetes', 'prometheus', 'jaeger', 'catalog', 'database']),
  message: z.string(),
});
export type SourceError = z.infer<typeof sourceErrorSchema>;

export const windowSchema = z.object({
  seconds: z.number(),
  from: z.string(),
  to: z.string(),
});

export const seriesPointSchema = z.tuple([z.number(), z.number().nullable()]);

/** A sparkline; points are [epoch seconds, value or null where there is no data]. */
export const goldenSignalSchema = z.object({
  signal: z.enum(['rate', 'errors', 'p50', 'p95', 'p99']),
  unit: z.enum(['requestsPerSecond', 'share', 'milliseconds']),
  points: z.array(seriesPointSchema),
  before: z.number().optional(),
  now: z.number().optional(),
});
export type GoldenSignal = z.infer<typeof goldenSignalSchema>;

export const changeMarkSchema = z.object({
  id: z.string(),
  at: z.string(),
  title: z.string(),
  state: changeStateSchema,
  by: z.string(),
  ticket: z.string().optional(),
});
export type ChangeMark = z.infer<typeof changeMarkSchema>;

/** Everything the Mesh tab's Overview and the three entity cards show. */
export const componentMeshSchema = z.object({
  entityRef: z.string(),
  window: windowSchema,
  /** Clusters this component runs in or should be looked for in. */
  clusters: z.array(clusterStatusSchema),
  match: entityMatchSchema,
  /** Absent when nothing matched (see match.empty). */
  health: healthResultSchema.optional(),
  dataPlane: dataPlaneSchema.optional(),
  /** Absent where the component has no proxy of its own. */
  proxySync: proxySyncSchema.optional(),
  mtls: mtlsResultSchema.optional(),
  split: trafficSplitSchema.optional(),
  neighbours: z.array(neighbourSchema),
  recentChanges: z.array(changeMarkSchema),
  errors: z.array(sourceErrorSchema),
});
export type ComponentMesh = z.infer<typeof componentMeshSchema>;

export const goldenSignalsSchema = z.object({
  entityRef: z.string(),
  from: z.string(),
  to: z.string(),
  stepSeconds: z.number(),
  signals: z.array(goldenSignalSchema),
  changes: z.array(changeMarkSchema),
  /** What `before` of the signals is: all before the last change, or as many seconds before the last ones. */
  comparedWith: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('change') }),
    z.object({ kind: z.literal('window'), seconds: z.number() }),
  ]),
  /** The PromQL of the rate line, for the curious. */
  query: z.string(),
  errors: z.array(sourceErrorSchema),
});
export type GoldenSignals = z.infer<typeof goldenSignalsSchema>;

/** Whether the user may change this component, with the reason where not. */
export const entityAccessSchema = z.object({
  change: z.object({
    allowed: z.boolean(),
    reason: z.string().optional(),
    clusters: z.array(
      z.object({
        cluster: z.string(),
        allowed: z.boolean(),
        reason: z.string().optional(),
      }),
    ),
  }),
  readAudit: z.boolean(),
});
export type EntityAccess = z.infer<typeof entityAccessSchema>;

/** A row of the mesh page. */
export const componentSummarySchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  type: z.string().optional(),
  ownerRef: z.string().optional(),
  namespaces: z.array(z.string()),
  clusters: z.array(z.object({ name: z.string(), stale: z.boolean() })),
  dataPlane: dataPlaneSchema.shape.mode,
  status: healthStatusSchema,
  cause: sentenceSchema,
  requestsPerSecond: z.number().optional(),
  encryptedShare: z.number().optional(),
  mtlsModes: z.array(z.string()),
  split: z.array(
    z.object({
      label: z.string(),
      configured: z.number(),
      observed: z.number().optional(),
    }),
  ),
  lastChange: changeMarkSchema.optional(),
});
export type ComponentSummary = z.infer<typeof componentSummarySchema>;

export const componentListQuerySchema = z.object({
  window: windowQuerySchema,
  search: z.string().max(200).optional(),
  owner: z.string().optional(),
  namespace: z.string().optional(),
  cluster: z.string().optional(),
  status: healthStatusSchema.or(z.literal('outsideMesh')).optional(),
  sort: z.enum(['health', 'name', 'requests', 'owner']).default('health'),
  order: z.enum(['asc', 'desc']).default('asc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ComponentListQuery = z.infer<typeof componentListQuerySchema>;

export const componentListSchema = z.object({
  window: windowSchema,
  items: z.array(componentSummarySchema),
  /** All that may be seen, whatever the filters. */
  all: z.number(),
  /** Matches of the filters, before paging. */
  total: z.number(),
  /** Counts by status over the filters without the status filter. */
  counts: z.record(z.number()),
  /** Values the filters can take. */
  facets: z.object({
    owners: z.array(z.string()),
    namespaces: z.array(z.string()),
    clusters: z.array(z.string()),
  }),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type ComponentList = z.infer<typeof componentListSchema>;
