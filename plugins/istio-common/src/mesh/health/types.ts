import { z } from 'zod';

/**
 * Ordered from best to worst only for healthy..failing; `notReady`, `noTraffic` and `unknown` are
 * never counted as healthy. `noTraffic` also covers too little traffic to judge (the cause says which).
 */
export const healthStatusSchema = z.enum([
  'healthy',
  'degraded',
  'failing',
  'notReady',
  'noTraffic',
  'unknown',
]);
export type HealthStatus = z.infer<typeof healthStatusSchema>;

/** Shares are 0..1. A limit of 0 means "above zero". */
export const rateThresholdSchema = z.object({
  degraded: z.number(),
  failing: z.number(),
});

export const healthThresholdsSchema = z.object({
  preset: z.enum(['default', 'kiali']),
  /** HTTP 5xx, gRPC failures and requests without response. */
  errors: rateThresholdSchema,
  /** HTTP 4xx; undefined: not judged. */
  clientErrors: rateThresholdSchema.optional(),
  /** p99 objective in milliseconds; undefined: not judged. */
  latencyP99Ms: z
    .object({ degraded: z.number(), failing: z.number() })
    .optional(),
  /** Fewer requests than this in the window are not judged. */
  minimumRequests: z.number(),
  /** What set some of them beside the portal's configuration: "Namespace payments", "the component". */
  setBy: z.array(z.string()).optional(),
});
export type HealthThresholds = z.infer<typeof healthThresholdsSchema>;

/** One caller-callee edge as health sees it. */
export const healthEdgeSchema = z.object({
  direction: z.enum(['inbound', 'outbound']),
  /** The other side: a workload or service name; undefined when telemetry does not know it. */
  peer: z.string().optional(),
  peerNamespace: z.string().optional(),
  /** Workloads behind `peer`, most requests first: what the catalog is asked for. */
  peerWorkloads: z.array(z.string()).optional(),
  protocol: z.enum(['http', 'grpc', 'tcp']),
  requests: z.number(),
  failed: z.number(),
  /** Failed requests by response code ("503", "0", "grpc 14"), most frequent first. */
  failures: z.array(
    z.object({
      code: z.string(),
      flags: z.string().optional(),
      requests: z.number(),
    }),
  ),
  /** Failed requests by version of the failing side, most frequent first. */
  failuresByVersion: z.array(
    z.object({ version: z.string(), requests: z.number(), failed: z.number() }),
  ),
  status: healthStatusSchema,
});
export type HealthEdge = z.infer<typeof healthEdgeSchema>;

/** Words for a screen: `parts` join to one sentence; `entity` parts can be made links. */
export const sentenceSchema = z.array(
  z.object({
    text: z.string(),
    /** Workload the part names. */
    workload: z.object({ namespace: z.string(), name: z.string() }).optional(),
    /** Catalog entity the shell found for that workload. */
    entityRef: z.string().optional(),
  }),
);
export type Sentence = z.infer<typeof sentenceSchema>;

export const healthResultSchema = z.object({
  status: healthStatusSchema,
  /** "Degraded: 3.2 % of requests from checkout fail with 503 (41 of 1,280 in 5 min). Threshold 1 %." */
  cause: sentenceSchema,
  /** Second line where the data allows one: "All 41 failures came from v2; v1 had none." */
  detail: sentenceSchema.optional(),
  inbound: z.object({
    requests: z.number(),
    requestsPerSecond: z.number(),
    failed: z.number(),
    /** 0..1, undefined without requests. */
    errorShare: z.number().optional(),
    p50Ms: z.number().optional(),
    p95Ms: z.number().optional(),
    p99Ms: z.number().optional(),
    tcpConnections: z.number(),
  }),
  /** Of an ambient component: what each layer reported. Zero is not seen, never healthy. */
  layers: z
    .object({
      /** L7, by a waypoint or a caller's sidecar. */
      requests: z.number(),
      /** L4, by ztunnel. */
      connections: z.number(),
      connectionsFailed: z.number(),
    })
    .optional(),
  edges: z.array(healthEdgeSchema),
  readiness: z.array(
    z.object({
      cluster: z.string(),
      workload: z.string(),
      ready: z.number(),
      desired: z.number(),
    }),
  ),
  thresholds: healthThresholdsSchema,
  /** Annotations that should have set thresholds and cannot be read, in words. */
  thresholdProblems: z.array(z.string()).optional(),
  /** Clusters whose traffic is in the numbers. */
  countedClusters: z.array(z.string()),
  /** Clusters left out, with the reason ("staging: no answer since 14:25"). */
  leftOut: z.array(z.object({ cluster: z.string(), why: z.string() })),
});
export type HealthResult = z.infer<typeof healthResultSchema>;
