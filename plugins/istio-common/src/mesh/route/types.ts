import { z } from 'zod';
import { decidedBySchema, objectRefSchema } from '../../resources/types';

/** Who asks: the proxy whose configuration decides. */
export const routeCallerSchema = z.discriminatedUnion('kind', [
  z.object({
    /** A workload with a sidecar. */
    kind: z.literal('workload'),
    namespace: z.string(),
    /** Deployment, StatefulSet, DaemonSet or bare Pod; gives the labels. */
    name: z.string().optional(),
    /** Labels of its pods, where no workload of the cluster is meant. */
    labels: z.record(z.string()).optional(),
  }),
  z.object({
    /** A Gateway object, Istio's or Gateway API's: the request arrives at its proxy. */
    kind: z.literal('gateway'),
    namespace: z.string(),
    name: z.string(),
  }),
  z.object({
    /** A gateway proxy by its pod labels: all Gateways that select it count. */
    kind: z.literal('gatewayWorkload'),
    namespace: z.string(),
    labels: z.record(z.string()),
  }),
]);
export type RouteCaller = z.infer<typeof routeCallerSchema>;

export const routeRequestSchema = z.object({
  from: routeCallerSchema,
  /** As the caller dials it; short names resolve as in the caller's pod. */
  host: z.string(),
  /** The Service's port; for a gateway the port of its servers (or, where none has it, of its pod). */
  port: z.number().int(),
  /** What is spoken inside; without it, what the port's declared protocol suggests. */
  protocol: z.enum(['http', 'http2', 'grpc', 'tcp']).optional(),
  /** Whether the caller itself speaks TLS; without it true on ports declared as HTTPS or TLS. */
  tls: z.boolean().optional(),
  /** Server name of the caller's TLS; default the host. */
  sni: z.string().optional(),
  /** Default GET. */
  method: z.string().optional(),
  /** With query string; default `/`. */
  path: z.string().optional(),
  headers: z.record(z.string()).optional(),
  /** Verified JWT claims, for routes on `@request.auth.claims`. */
  claims: z.record(z.unknown()).optional(),
  /** Address dialled instead of the DNS answer for the host. */
  address: z.string().optional(),
});
export type RouteRequest = z.infer<typeof routeRequestSchema>;

export const routeOutcomeSchema = z.enum([
  'routed',
  'passthrough',
  'blackhole',
  'redirect',
  'directResponse',
  'noRoute',
  'refused',
]);
export type RouteOutcome = z.infer<typeof routeOutcomeSchema>;

const targetFields = {
  /** Fully qualified; empty for a backend that Istio could not resolve. */
  host: z.string(),
  subset: z.string().optional(),
  port: z.number(),
};

/** Why a share of the requests fails although it is routed. */
export const targetProblemSchema = z.object({
  code: z.enum([
    'unknownHost',
    'unknownPort',
    'unknownSubset',
    'invalidBackend',
    'noEndpoints',
  ]),
  text: z.string(),
});
export type TargetProblem = z.infer<typeof targetProblemSchema>;

export const resolvedTargetSchema = z.object({
  ...targetFields,
  /** Share of the requests, 0..100. */
  percent: z.number(),
  problem: targetProblemSchema.optional(),
});
/** Where a share of the requests goes. */
export type ResolvedTarget = z.infer<typeof resolvedTargetSchema>;

export const routeRetriesSchema = z.object({
  attempts: z.number(),
  /** Conditions as the proxy reads them. */
  retryOn: z.string(),
  perTryTimeout: z.string().optional(),
  statusCodes: z.array(z.number()).optional(),
});
export type RouteRetries = z.infer<typeof routeRetriesSchema>;

export const routeFaultSchema = z.object({
  delay: z.object({ fixedDelay: z.string(), percent: z.number() }).optional(),
  abort: z
    .object({
      httpStatus: z.number().optional(),
      grpcStatus: z.string().optional(),
      percent: z.number(),
    })
    .optional(),
});
export type RouteFault = z.infer<typeof routeFaultSchema>;

export const routeRewriteSchema = z.object({
  /** Replaces the matched path or prefix. */
  uri: z.string().optional(),
  uriRegex: z.object({ match: z.string(), rewrite: z.string() }).optional(),
  authority: z.string().optional(),
});
export type RouteRewrite = z.infer<typeof routeRewriteSchema>;

export const routeRedirectSchema = z.object({
  code: z.number(),
  scheme: z.string().optional(),
  authority: z.string().optional(),
  port: z.number().optional(),
  uri: z.string().optional(),
  /** Replaces the matched prefix. */
  prefix: z.string().optional(),
});
export type RouteRedirect = z.infer<typeof routeRedirectSchema>;

/** An object, or a rule of one, that was looked at and did not take the request. */
export const consideredSchema = z.object({
  object: objectRefSchema,
  /** `spec.http[0]`; empty for the object as a whole. */
  path: z.string(),
  reason: z.enum([
    'notExported',
    'notInSidecarScope',
    'otherGateway',
    'otherPort',
    'otherCaller',
    'noMatch',
    'lostToOlder',
    'lostToMoreSpecific',
    'notAttached',
    'invalid',
    'behindCatchAll',
  ]),
  text: z.string(),
});
export type Considered = z.infer<typeof consideredSchema>;

export const routeAnswerSchema = z.object({
  outcome: routeOutcomeSchema,
  /** In one sentence, for outcomes that are not plain routing. */
  reason: z.string().optional(),
  /** Whether a rule of an object took the request; false: Istio's own default. */
  matched: z.boolean(),
  rule: z
    .object({
      object: objectRefSchema,
      /** `spec.http[0]` */
      path: z.string(),
      /** `spec.http[0].match[1]`, where the rule has matches. */
      match: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  destinations: z.array(resolvedTargetSchema),
  /** As written, `10s`; absent: none. */
  timeout: z.string().optional(),
  /** Absent: none. */
  retries: routeRetriesSchema.optional(),
  fault: routeFaultSchema.optional(),
  /** The first mirror. */
  mirror: resolvedTargetSchema.optional(),
  /** All mirrors, where there are several. */
  mirrors: z.array(resolvedTargetSchema).optional(),
  rewrite: routeRewriteSchema.optional(),
  redirect: routeRedirectSchema.optional(),
  directResponse: z
    .object({ status: z.number(), body: z.string().optional() })
    .optional(),
  decidedBy: z.array(decidedBySchema),
  considered: z.array(consideredSchema),
  /** Rules of the deciding objects that no request can reach. */
  unreachable: z.array(
    z.object({ object: objectRefSchema, path: z.string(), text: z.string() }),
  ),
  /** Objects for the same host that decide nothing for this caller. */
  shadowed: z.array(z.object({ object: objectRefSchema, text: z.string() })),
  /** What the answer assumes because it could not be read or does not hold. */
  caveats: z.array(z.string()),
});
/** Where a request goes, and what decided it. */
export type RouteAnswer = z.infer<typeof routeAnswerSchema>;
