import { z } from 'zod';
import { objectRefSchema } from '../../resources/types';

/**
 * One backend of a route. For a VirtualService that is host + subset, for an HTTPRoute a Service.
 * `key` is what an intent names it by: the subset's name, else the Service's name.
 */
export const splitDestinationSchema = z.object({
  key: z.string(),
  label: z.string(),
  host: z.string(),
  subset: z.string().optional(),
  port: z.number().optional(),
  /** `version` label behind it, where its pods agree. */
  version: z.string().optional(),
  workloads: z.array(z.string()),
  podsReady: z.number(),
  podsDesired: z.number(),
  /** 0..1 share of the requests this route takes, as Istio computes it from the weights. */
  configured: z.number(),
  /** The weight as written; undefined when omitted. */
  weight: z.number().optional(),
  observedRequests: z.number().optional(),
  /** 0..1; undefined when nothing was observed. */
  observed: z.number().optional(),
});
export type SplitDestination = z.infer<typeof splitDestinationSchema>;

/** Words of a match: "Header x-canary is exactly v2". Literals are set in monospace. */
export const conditionSchema = z.array(
  z.object({ text: z.string(), literal: z.boolean() }),
);
export type Condition = z.infer<typeof conditionSchema>;

export const trafficRouteSchema = z.object({
  /** Stable within the answer: `<kind>/<namespace>/<name>/<field path>` or `default/<host>`. */
  id: z.string(),
  clusters: z.array(z.string()),
  /** Undefined: no object routes the host, Istio sends to all endpoints of the Service. */
  object: objectRefSchema.optional(),
  /** `http[2]`, `rules[0]`. */
  fieldPath: z.string().optional(),
  /** Position from the top in the order of evaluation, from 0. */
  index: z.number(),
  name: z.string().optional(),
  protocol: z.enum(['http', 'tcp', 'tls', 'grpc']),
  host: z.string(),
  /** Ports of the Service; empty: all. */
  ports: z.array(z.number()),
  /** ORed; empty: any request. */
  when: z.array(conditionSchema),
  /** `mesh` for callers inside, else gateway names. */
  gateways: z.array(z.string()),
  action: z.enum(['route', 'redirect', 'directResponse', 'delegate']),
  /** For redirect, direct response and delegate: in words; for a route: what is wrong with its destinations. */
  actionText: z.string().optional(),
  destinations: z.array(splitDestinationSchema),
  /** A rule above takes every request that would reach this one. */
  neverReached: z
    .object({ byFieldPath: z.string(), text: z.string() })
    .optional(),
  /** Settings of this route that the shift form does not edit, in words ("adds the response header x-reviews"). */
  alsoSets: z.array(z.string()),
  /** Requests in the window where they can be told from other routes of this host; undefined otherwise. */
  requests: z.number().optional(),
  /** Whether the shift-traffic form can edit it; else why not. */
  shiftable: z.object({ possible: z.boolean(), why: z.string().optional() }),
});
export type TrafficRoute = z.infer<typeof trafficRouteSchema>;

/** A version of the component: subset or backend, its pods, its share. */
export const versionSchema = z.object({
  key: z.string(),
  label: z.string(),
  selector: z.record(z.string()),
  definedBy: objectRefSchema.optional(),
  fieldPath: z.string().optional(),
  clusters: z.array(z.string()),
  podsReady: z.number(),
  podsDesired: z.number(),
});
export type Version = z.infer<typeof versionSchema>;

export const trafficSplitSchema = z.object({
  /** The route the card shows: the last reachable one without condition, else the first with several destinations. */
  primaryRouteId: z.string().optional(),
  routes: z.array(trafficRouteSchema),
  versions: z.array(versionSchema),
  observed: z.object({
    /** Requests that clients' proxies routed. */
    requests: z.number(),
    /** Seconds the counts cover: the window, or less when the route changed inside it. */
    seconds: z.number(),
    /** ISO time of the change the counts start from, when that shortened the window. */
    sinceChange: z.string().optional(),
    /** Requests of callers that no proxy routes (outside the mesh), by caller. */
    notRouted: z.array(
      z.object({
        caller: z.string(),
        namespace: z.string().optional(),
        requests: z.number(),
      }),
    ),
  }),
  /** Configured against observed. */
  comparison: z.object({
    verdict: z.enum(['inLine', 'differs', 'notEnough', 'unknown']),
    text: z.string(),
  }),
});
export type TrafficSplit = z.infer<typeof trafficSplitSchema>;
