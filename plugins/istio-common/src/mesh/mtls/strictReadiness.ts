import { z } from 'zod';
import { decidedBySchema } from '../../resources/types';
import { mtlsModeSchema } from './types';

/**
 * `ready`: nobody seen would break; `notReady`: somebody would; `strict`: nothing would change;
 * `notEnoughTraffic`: nobody seen would break, but some were not seen; `unknown`: a source is missing;
 * `outside`: no proxy in the scope could refuse anything.
 */
export const strictVerdictSchema = z.enum([
  'ready',
  'notReady',
  'strict',
  'notEnoughTraffic',
  'unknown',
  'outside',
]);
export type StrictVerdict = z.infer<typeof strictVerdictSchema>;

const workloadNameSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  workload: z.string(),
});

/** Why a caller sends plaintext. */
export const plaintextCauseSchema = z.enum([
  /** Its pods run without a proxy. */
  'noProxy',
  /** Its DestinationRule sets another TLS mode. */
  'destinationRule',
  /** Automatic mTLS is off. */
  'autoMtlsOff',
  /** ztunnel found no HBONE at the far end. */
  'noHbone',
  /** Its proxy would encrypt calls to the Service, but these came past it or by pod address. */
  'bypassesProxy',
  /** Telemetry does not name the caller. */
  'unnamed',
  /** No workload of that name runs in the clusters that were read. */
  'gone',
  /** A fact about the caller could not be read. */
  'unknown',
]);
export type PlaintextCause = z.infer<typeof plaintextCauseSchema>;

export const breakingCallerSchema = z.object({
  cluster: z.string(),
  namespace: z.string().optional(),
  workload: z.string().optional(),
  /** Without encryption, over the window. */
  requests: z.number(),
  connections: z.number(),
  /** Requests, or else connections. */
  perSecond: z.number(),
  /** It was seen within that time before the window's end. */
  lastSeenWithinSeconds: z.number(),
  servers: z.array(z.string()),
  /** Ports of the servers that would refuse it; empty: every port. */
  ports: z.array(z.number()),
  /** Ports that stay open: telemetry names no port, so it may call only these. */
  unlessPorts: z.array(z.number()),
  cause: plaintextCauseSchema,
  why: z.string(),
  fix: z.string(),
  decidedBy: z.array(decidedBySchema),
  /** Filled by the shell from the catalog. */
  entityRef: z.string().optional(),
  ownerRef: z.string().optional(),
});
export type BreakingCaller = z.infer<typeof breakingCallerSchema>;

/** A probe that the kubelet sends past the proxy's agent, in plaintext. */
export const breakingProbeSchema = workloadNameSchema.extend({
  container: z.string(),
  probe: z.enum(['livenessProbe', 'readinessProbe', 'startupProbe']),
  port: z.number(),
  fix: z.string(),
});
export type BreakingProbe = z.infer<typeof breakingProbeSchema>;

/** A port that would accept plaintext still, and what keeps it so. */
export const openPortSchema = workloadNameSchema.extend({
  port: z.number(),
  name: z.string().optional(),
  mode: mtlsModeSchema,
  decidedBy: decidedBySchema,
});
export type OpenPort = z.infer<typeof openPortSchema>;

export const strictReadinessSchema = z.object({
  verdict: strictVerdictSchema,
  /** The verdict with its numbers, in words. */
  sentence: z.string(),
  windowSeconds: z.number(),
  /** Calls to ports of the scope whose encryption is known. */
  observed: z.object({
    total: z.number(),
    plaintext: z.number(),
    unit: z.enum(['requests', 'connections']),
  }),
  breaks: z.array(breakingCallerSchema),
  probes: z.array(breakingProbeSchema),
  /** Plaintext callers whose proxies would encrypt as soon as the port does not disable it. */
  follows: z.array(workloadNameSchema),
  ports: z.object({
    strict: z.number(),
    changing: z.number(),
    open: z.number(),
  }),
  openPorts: z.array(openPortSchema),
  /** Workloads with ports that would change, whom nobody called. */
  unseen: z.array(workloadNameSchema),
  /** What could not be read, in words. */
  unknown: z.array(z.string()),
  /** PeerAuthentications that would say STRICT. */
  policies: z.array(
    z.object({
      cluster: z.string(),
      namespace: z.string(),
      name: z.string(),
      exists: z.boolean(),
    }),
  ),
});
export type StrictReadiness = z.infer<typeof strictReadinessSchema>;
