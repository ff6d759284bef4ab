/** Fields of every question. Objects without a namespace are in `default`. */
export interface WorldText {
  /** The world: objects as YAML documents (a `List` counts as its items). */
  yaml: string;
  /** Mesh configuration as YAML, laid over Istio's defaults. */
  meshConfig?: string;
}

/** A question that istiod's generated configuration answers. */
export interface LoadedWorld extends WorldText {
  /** Keep objects that Istio's validation rejects; otherwise such a world is an error. */
  allowInvalid?: boolean;
}

/** A proxy: a Pod of the world by name, or any workload by its labels or address. */
export interface Workload {
  /** Namespace; `default` if absent. */
  ns?: string;
  pod?: string;
  labels?: Record<string, string>;
  ip?: string;
}

/** How an object is named in answers. */
export interface ObjectRef {
  kind: string;
  namespace?: string;
  name: string;
}

/** What the protocol of a connection is. */
export type Protocol = 'http' | 'http2' | 'tcp';

/** Asks for the verdict of istiod's validating webhook on each object. */
export interface ValidateQuestion extends WorldText {
  op: 'validate';
}

/** One object's verdict; `unsupported` objects (not Istio's) have none. */
export interface Verdict {
  object: ObjectRef;
  unsupported?: boolean;
  valid?: boolean;
  errors: string[];
  warnings: string[];
}

/** Asks for `istioctl analyze`'s messages. */
export interface AnalyzeQuestion extends WorldText {
  op: 'analyze';
  /** Also load Services, Pods, Namespaces, Nodes and Secrets, as for a live cluster. Wanted for most purposes. */
  runtimeResources?: boolean;
  /** Leave out the ingress gateway that istioctl adds. */
  noDefaultGateway?: boolean;
  namespace?: string;
}

/** Messages of the analysis. */
export interface AnalyzeAnswer {
  messages: Array<{
    code: string;
    level: string;
    object: ObjectRef | null;
    message: string;
  }>;
  skippedAnalyzers: string[];
  parseErrors?: string;
}

/** One HTTP request or TCP connection, as its sender describes it. */
export interface Request {
  method?: string;
  /** With query string; default `/`. */
  path?: string;
  headers?: Record<string, string>;
  /** Claims of a verified JWT. */
  claims?: Record<string, unknown>;
}

/** Asks where a request goes: through its sender's sidecar, or into a gateway. */
export interface RouteQuestion extends LoadedWorld, Request {
  op: 'route';
  mode?: 'sidecar' | 'gateway';
  /** The client, or the gateway's workload. */
  from: Workload;
  /** As dialled; short names resolve as in the client's Pod. */
  host: string;
  /** Service port as dialled; for a gateway the port its Pod listens on. */
  port: number;
  protocol?: Protocol;
  tls?: 'plaintext' | 'tls' | 'mtls';
  sni?: string;
  /** Address dialled instead of what DNS says for the host. */
  address?: string;
  /** Add Envoy's own configuration to the answer. */
  raw?: boolean;
}

/** What becomes of a request at its first proxy. */
export type RouteOutcome =
  | 'routed'
  | 'passthrough'
  | 'blackhole'
  | 'redirect'
  | 'directResponse'
  | 'tlsRedirect'
  | 'noRoute'
  | 'noVirtualHost'
  | 'refused'
  | 'protocolError';

/** One destination of a route. */
export interface TargetCluster {
  cluster: string;
  host?: string;
  subset?: string;
  port?: number;
  /** Relative, as configured; a single destination has 100. */
  weight: number;
  /** False: the proxy has no such cluster and answers 503. */
  exists: boolean;
  discovery?: string;
  /** `ip:port`, sorted. */
  endpoints: string[];
}

/** Where the request goes and what happens to it on the way. Durations as Go writes them; "0s" is none. */
export interface RouteAnswer {
  outcome: RouteOutcome;
  reason?: string;
  listener?: string;
  filterChain?: string;
  routeConfig?: string;
  virtualHost?: string;
  route?: string;
  clusters?: TargetCluster[];
  timeout?: string;
  retries?: {
    attempts: number;
    on: string;
    perTryTimeout?: string;
    statusCodes?: number[];
  };
  fault?: {
    delay?: string;
    delayPercent?: number;
    abortStatus?: number;
    abortPercent?: number;
  };
  mirrors?: Array<{ cluster: string; percent: number }>;
  rewrite?: { prefix?: string; regex?: string; authority?: string };
  redirect?: Record<string, unknown>;
  directResponse?: { status: number; body?: string };
  raw?: { route?: unknown; clusters?: unknown[] };
}

/** Asks what a server accepts, what a client sends, or both. */
export interface MtlsQuestion extends LoadedWorld {
  op: 'mtls';
  server?: Workload;
  /** Container ports; default all that Services direct to the server. */
  ports?: number[];
  client?: Workload;
  host?: string;
  /** Service port. */
  port?: number;
  subset?: string;
}

/** Encryption as the generated listeners and clusters have it. */
export interface MtlsAnswer {
  server?: Array<{
    port: number;
    mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
    plaintext: 'accepted' | 'refused';
    /** `opaque`: handed undecrypted to the application. */
    mtls: 'accepted' | 'refused' | 'opaque';
  }>;
  client?: {
    cluster: string;
    exists: boolean;
    /** What an endpoint without Istio's tlsMode label would get. */
    default?: string;
    endpoints: Array<{
      address: string;
      sends: 'plaintext' | 'mtls' | 'mutualTLS' | 'tls';
      sni?: string;
    }>;
  };
}

/** Asks whether a server's proxy lets a request in. */
export interface AuthzQuestion extends LoadedWorld, Request {
  op: 'authz';
  server: Workload;
  mode?: 'sidecar' | 'gateway';
  /** Container port. */
  port: number;
  protocol?: Protocol;
  /** `spiffe://…`: the call uses mTLS as this identity; absent: plaintext. */
  principal?: string;
  /** The peer's address. */
  sourceIp?: string;
  /** The original client's address behind trusted proxies. */
  remoteIp?: string;
  sni?: string;
  host?: string;
}

/** The verdict of the authorization filters and how they came to it. */
export interface AuthzAnswer {
  decision: 'allow' | 'deny' | 'unauthorized' | 'refused' | 'external';
  reason?: string;
  /** `ns[NAMESPACE]-policy[NAME]-rule[INDEX]` of the rules that decided. */
  policies: string[];
  filterChain?: string;
  filters: Array<{
    filter: string;
    action: string;
    matching: string[];
    dryRun?: string[];
  }>;
}

/** Everything the oracle can be asked. */
export type Question =
  | ValidateQuestion
  | AnalyzeQuestion
  | RouteQuestion
  | MtlsQuestion
  | AuthzQuestion;

/** What each kind of question is answered with. */
export interface Answers {
  validate: Verdict[];
  analyze: AnalyzeAnswer;
  route: RouteAnswer;
  mtls: MtlsAnswer;
  authz: AuthzAnswer;
}

/** The answer to a question of this type. */
export type AnswerTo<Q extends Question> = Answers[Q['op']];

/** One of many answers: a question that could not be answered does not take the others with it. */
export type Outcome<Q extends Question> =
  | { ok: true; answer: AnswerTo<Q> }
  | { ok: false; error: Error };
