import { z } from 'zod';
import { DecidedBy, decidedBySchema } from '../../resources/types';

/** Effective server-side mode. `OUTSIDE` is a workload without proxy, `UNKNOWN` a kind that could not be read. */
export const mtlsModeSchema = z.enum([
  'STRICT',
  'PERMISSIVE',
  'DISABLE',
  'OUTSIDE',
  'UNKNOWN',
]);
export type MtlsMode = z.infer<typeof mtlsModeSchema>;

/** A policy that was looked at and did not decide, with the reason. */
const consideredSchema = z.object({
  object: z.string(),
  why: z.string(),
});

/** What one workload port accepts, and the policies that were looked at. */
export interface PortMtls {
  mode: MtlsMode;
  decidedBy: DecidedBy;
  considered: { object: string; why: string }[];
}

/** What a client's proxy sends: Istio's mTLS, TLS with a certificate of its own, TLS without, or nothing of it. */
export const clientSendsSchema = z.enum([
  'plaintext',
  'mtls',
  'tls',
  'mutualTLS',
]);
export type ClientSends = z.infer<typeof clientSendsSchema>;

/** What becomes of a connection; `mixed` where endpoints differ. */
export const mtlsOutcomeSchema = z.enum([
  'encrypted',
  'plaintext',
  'refused',
  'mixed',
  'unknown',
]);
export type MtlsOutcome = z.infer<typeof mtlsOutcomeSchema>;

export const mtlsPortSchema = z.object({
  /** Workload (container) port. */
  port: z.number(),
  name: z.string().optional(),
  protocol: z.string().optional(),
  mode: mtlsModeSchema,
  decidedBy: decidedBySchema,
  considered: z.array(consideredSchema),
  clusters: z.array(z.string()),
  workloads: z.array(z.string()),
});
export type MtlsPort = z.infer<typeof mtlsPortSchema>;

export const plaintextCallerSchema = z.object({
  workload: z.string().optional(),
  namespace: z.string().optional(),
  cluster: z.string(),
  requests: z.number(),
  connections: z.number(),
  /** Filled by the shell from the catalog, where an entity owns the workload. */
  entityRef: z.string().optional(),
  ownerRef: z.string().optional(),
});
export type PlaintextCaller = z.infer<typeof plaintextCallerSchema>;

export const mtlsResultSchema = z.object({
  ports: z.array(mtlsPortSchema),
  observed: z.object({
    /** Requests and TCP connections with a known security policy, as the server's proxy reported them. */
    total: z.number(),
    encrypted: z.number(),
    /** 0..1; undefined when nothing was reported: unknown, not encrypted. */
    encryptedShare: z.number().optional(),
    unit: z.enum(['requests', 'connections']),
    plaintextCallers: z.array(plaintextCallerSchema),
  }),
  /** Differences between configured and observed, in words. */
  mismatches: z.array(z.string()),
});
export type MtlsResult = z.infer<typeof mtlsResultSchema>;
