/** A call through the client's sidecar. */
export interface RouteQuestion {
  ask: 'route';
  /** A Pod of base.yaml by its `app` label (and version: `reviews-v1`). */
  from: string;
  url: string;
  method?: string;
  headers?: Record<string, string>;
  /** Requests, where shares are to be counted. Default 1. */
  count?: number;
  /** Milliseconds that the servers take, where a timeout is to be seen. */
  slowMs?: number;
}

/** What a server's port takes (`to` alone), or what a client sends to a service (`from` and `url`). */
export interface MtlsQuestion {
  ask: 'mtls';
  to?: string;
  port?: number;
  from?: string;
  url?: string;
}

/** Whether a request gets past the server's policies. */
export interface AuthzQuestion {
  ask: 'authz';
  from: string;
  to: string;
  port?: number;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  /** Of a token with a good signature, sent as a bearer. */
  claims?: Record<string, unknown>;
}

export type Question = RouteQuestion | MtlsQuestion | AuthzQuestion;

export interface RouteVerdict {
  status: number;
  /** Envoy's response flags; absent: none. */
  flags?: string;
  /** Upstream clusters, `reviews.cmp:9080/v1`, with shares (0..1) or counts. */
  to?: Record<string, number>;
  /** Of a redirect. */
  location?: string;
  /** As the server sees them, where they were rewritten. */
  path?: string;
  host?: string;
}

export interface MtlsVerdict {
  plaintext?: 'accepted' | 'refused';
  /** `opaque`: TLS bytes reach the application as they are. */
  mtls?: 'accepted' | 'refused' | 'opaque';
  sends?: 'mtls' | 'plaintext';
}

export interface AuthzVerdict {
  decision: 'allow' | 'deny' | 'unauthorized' | 'refused';
}

export type Verdict = RouteVerdict | MtlsVerdict | AuthzVerdict;

/** A question with what is expected of both, and why they differ where they do. */
export interface AskedQuestion {
  question: Question;
  expect: Verdict;
  /** Why the oracle does not answer what Envoy does, with the place that says so; the difference must be there. */
  differs?: { oracle: Verdict; cause: string; source: string };
}

/** One world of configuration with questions about it. */
export interface ComparisonCase {
  name: string;
  /** YAML; `$JWKS` is the key of the tokens, `$IP(app)` a Pod's address. */
  config: string;
  questions: AskedQuestion[];
}
