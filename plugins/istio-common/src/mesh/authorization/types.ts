import { z } from 'zod';
import { decidedBySchema } from '../../resources/types';
import type { WorkloadKey } from '../../snapshot/types';

/**
 * `allow` and `deny` as policies say; `refused` before any policy: the port does not take such a connection,
 * or the token is not accepted; `external`: a provider outside the mesh decides; `unknown`: a fact is missing.
 */
export const authorizationDecisionSchema = z.enum([
  'allow',
  'deny',
  'refused',
  'external',
  'unknown',
]);
export type AuthorizationDecision = z.infer<typeof authorizationDecisionSchema>;

/** What a policy said to the call. */
export const policyVerdictSchema = z.object({
  policy: decidedBySchema,
  action: z.enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
  outcome: z.enum(['matches', 'doesNotMatch', 'unknown', 'notApplied']),
  /** Evaluated and reported only. */
  dryRun: z.boolean(),
  /** Why it does not match, or what is missing to say. */
  why: z.string(),
});
export type PolicyVerdict = z.infer<typeof policyVerdictSchema>;

export const authorizationAnswerSchema = z.object({
  decision: authorizationDecisionSchema,
  /** The rules, policies or settings that decided. */
  decidedBy: z.array(decidedBySchema),
  reason: z.string(),
  /** Facts without which there is no answer: `request method`, `source IP address`. Empty unless unknown. */
  missing: z.array(z.string()),
  /** Policies of the workload, in the order in which they are asked, with what each said. */
  considered: z.array(policyVerdictSchema),
  enforcedBy: z.enum([
    'sidecar',
    'gateway',
    'ztunnel',
    'waypoint',
    'none',
    'unknown',
  ]),
  /** False where the answer follows Istio's code but was not compared with a running data plane. */
  proven: z.boolean(),
});
export type AuthorizationAnswer = z.infer<typeof authorizationAnswerSchema>;

/** Who calls. With nothing but an address the caller is outside the mesh and speaks plaintext. */
export interface AuthorizationCaller {
  /** A workload of the snapshot: its identity, addresses, and what its proxy sends are looked up. */
  workload?: WorkloadKey;
  /** `cluster.local/ns/catalog/sa/productpage`, with or without `spiffe://`. */
  principal?: string;
  /** Short for the principal in the mesh's trust domain. */
  namespace?: string;
  serviceAccount?: string;
  /** Address of the connection's peer. */
  ip?: string;
  /** The original client's address behind proxies; else the last of X-Forwarded-For, else the peer's. */
  remoteIp?: string;
  /** What it sends; else looked up for a workload, else mTLS for an identity and plaintext without one. */
  sends?: CallerSends;
}

/** How a connection is made. */
export type CallerSends = 'plaintext' | 'mtls' | 'tls';

/** A JSON Web Token found where the rule looks for it. */
export interface RequestToken {
  claims: Readonly<Record<string, unknown>>;
  /** Its signature and times are good; true unless said otherwise. */
  valid?: boolean;
}

/** "May A call B on this port, with this request?" */
export interface AuthorizationRequest {
  from: AuthorizationCaller;
  to: {
    workload: WorkloadKey;
    /** Container port. */
    port: number;
    /** The Service that is called, for policies on waypoints; else any that targets the port. */
    service?: { namespace: string; name: string };
  };
  /** What the client speaks; HTTP unless the port is declared otherwise. */
  protocol?: 'http' | 'tcp';
  method?: string;
  /** As sent, with its query. */
  path?: string;
  /** The authority, with a port where the client sends one. */
  host?: string;
  /** All headers of the request; names in any case. */
  headers?: Readonly<Record<string, string>>;
  /** Absent: a request without token. */
  token?: RequestToken;
  /** Server name of the TLS handshake. */
  sni?: string;
}
