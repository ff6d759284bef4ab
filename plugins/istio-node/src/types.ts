import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  GuardrailVerdict,
  CertificateReading,
  JsonPatchOperation,
  KubeObject,
  MeshSnapshot,
  ObjectRef,
  PlanOperation,
  PolicyInput,
  ProxyStatusReading,
  SourceFile,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';

/** How the portal reaches one cluster's Kubernetes API. Comes from configuration only. */
export interface ClusterConnection {
  /** Name in the portal's `kubernetes:` (or `istio:`) configuration; the id everywhere. */
  name: string;
  title?: string;
  url: string;
  /** PEM, base64 as in a kubeconfig. */
  caData?: string;
  /** Path of a PEM file, instead of `caData`. */
  caFile?: string;
  skipTlsVerify?: boolean;
  /** Bearer token of the portal's service account; never leaves `clusters/`. */
  token?: string;
  /** File that holds the token and is read again as it rotates, as in a pod. */
  tokenFile?: string;
  /**
   * Take address and credentials from this kubeconfig (its current context unless one is named);
   * the fields above are then not used. Exec plugins named there are run.
   */
  kubeconfig?: { file: string; context?: string };
  /** Client certificate of a kubeconfig user, PEM base64. */
  clientCertificate?: { certData: string; keyData: string };
}

/** Supplies the clusters. */
export interface ClusterSupplier {
  listClusters(): Promise<ClusterConnection[]>;
}

/** Reads the mesh from caches; none of these calls reaches a cluster. */
export interface MeshReader {
  /** One entry per configured cluster, also those that never answered. */
  clusters(): ClusterState[];
  /** Undefined before the first successful sync. */
  snapshot(cluster: string): MeshSnapshot | undefined;
  /** Called after each change of a snapshot, coalesced; returns the unsubscriber. */
  onChange(listener: (change: MeshChange) => void): () => void;
}

export interface ClusterState {
  name: string;
  state: 'fresh' | 'stale' | 'unreachable' | 'starting';
  /** Epoch milliseconds of the newest proof of life. */
  asOf?: number;
  message?: string;
  istioVersion?: string;
}

export interface MeshChange {
  cluster: string;
  /** Namespaces with changed objects; empty when the whole cluster came or went. */
  namespaces: string[];
}

/** The identity a write goes out as. */
export interface ActingUser {
  user: string;
  groups: string[];
}

export interface WriteContext {
  actingUser: ActingUser;
  /** ULID of the change, in User-Agent and in the object's annotation. */
  changeId: string;
  /** Entity ref of the person behind it, for the annotation `istio-portal.dev/changed-by`. */
  changedBy?: string;
  /** Sent as `Audit-ID`. */
  attemptId: string;
  dryRun: boolean;
}

/** What the API server said to one write; never throws for an HTTP answer. */
export type WriteResult =
  | {
      outcome: 'applied';
      status: number;
      object: KubeObject;
      auditId?: string;
      warnings: string[];
    }
  | {
      outcome: 'denied' | 'conflict' | 'failed';
      status: number;
      message: string;
      auditId?: string;
      warnings: string[];
    }
  /** No answer arrived: the write may or may not have taken effect. */
  | { outcome: 'unknown'; message: string };

/** Writes as the user. */
export interface MeshWriter {
  write(operation: PlanOperation, context: WriteContext): Promise<WriteResult>;
  /** Live read as the portal, past the cache. */
  read(object: ObjectRef): Promise<KubeObject | undefined>;
  /** SelfSubjectAccessReview as the user. */
  authorizeWrite(options: {
    cluster: string;
    actingUser: ActingUser;
    object: Pick<ObjectRef, 'apiVersion' | 'kind' | 'namespace' | 'name'>;
    verb: 'create' | 'update' | 'patch' | 'delete';
  }): Promise<{ allowed: boolean; reason?: string }>;
  /** Whether istiod's validating webhook is registered for this kind in this cluster. */
  istioWebhookFor(
    cluster: string,
    apiVersion: string,
    kind: string,
  ): Promise<'tookPart' | 'notRegistered' | 'notForThisKind' | 'unknown'>;
}

/**
 * Looks at certificates in Secrets. Private keys never leave it: only subject, names, issuer and times do.
 * Failures are values.
 */
export interface CertificateReader {
  /** One reading per Secret; none where the cluster's Secrets are not to be read. */
  read(options: {
    cluster: string;
    secrets: readonly { namespace: string; name: string }[];
  }): Promise<readonly CertificateReading[]>;
}

/** Asks the control plane which proxies have what it sent them. Failures are values. */
export interface ProxyStatusReader {
  /** What all of these replicas know together; `unknown` unless each of them answered. */
  read(options: {
    cluster: string;
    istiods: readonly { namespace: string; name: string }[];
  }): Promise<ProxyStatusReading>;
}

/** Asks a telemetry source. Failures are values: `error` is set, the arrays are empty. */
export interface TelemetryProvider {
  /** Traffic that touches the namespace (or, without one, the whole cluster in low cardinality). */
  observe(options: {
    cluster: string;
    namespace?: string;
    seconds: number;
    to?: number;
    /** Epoch milliseconds: the window starts here instead, and `seconds` is what lies between. */
    since?: number;
  }): Promise<TrafficObservation>;
  /** Range query of the builders' own expressions; users never supply PromQL. */
  series(options: {
    cluster: string;
    query: string;
    from: number;
    to: number;
    stepSeconds: number;
  }): Promise<TelemetrySeries>;
  /** Whether the cluster has a source at all, and how fresh its newest sample is. */
  status(cluster: string): TelemetryStatus;
  /** Seconds between two samples of one series; undefined where the cluster has no source. */
  scrapeIntervalOf(cluster: string): number | undefined;
}

export interface TelemetrySeries {
  series: { labels: Record<string, string>; points: [number, number][] }[];
  error?: string;
}

export interface TelemetryStatus {
  state: 'fresh' | 'stale' | 'unreachable' | 'notConfigured' | 'starting';
  asOf?: number;
  message?: string;
}

/** Says as whom a portal user acts in a cluster; undefined: this user acts as nobody, with the reason. */
export interface ActingUserResolver {
  resolve(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
    cluster: string,
  ): Promise<{ actingUser: ActingUser } | { reason: string }>;
}

/** A verdict without what the plugin fills in. */
export type OwnVerdict = Omit<GuardrailVerdict, 'policy' | 'policyVersion'>;

/**
 * A guardrail of the adopter: it sees every plan before it is shown and again before it is sent, and may
 * ask other systems. One that throws, or does not answer in time, counts as a denial.
 */
export interface GuardrailPolicy {
  /** Names it in `istio.guardrails.modes`: `change-calendar`. */
  id: string;
  /** What it holds to, as a sentence. */
  description: string;
  /** Counts up whenever the same plan may be judged differently; approvals given before no longer count. */
  version: number;
  /** Nothing for a plan that is none of its business. The signal aborts when nobody waits any more. */
  evaluate(
    input: PolicyInput,
    context: { signal: AbortSignal },
  ): OwnVerdict[] | Promise<OwnVerdict[]>;
}

/** A checkpoint of the audit log on its way out of the database. */
export interface AnchoredCheckpoint {
  origin: string;
  /** 1, 2, 3, …; a repetition has the same. */
  number: number;
  /** How many entries it covers. */
  size: number;
  /** C2SP signed note; what has to be kept, byte for byte. */
  note: string;
}

/**
 * Keeps checkpoints where who can write to the portal's database cannot. Delivery is at least once
 * and in order; a rejection means that it was not kept and is tried again.
 */
export interface AuditAnchor {
  /** Unique, short, for people. */
  readonly name: string;
  deliver(checkpoint: AnchoredCheckpoint): Promise<void>;
  /**
   * What it keeps, for the verification in the portal: one note, or a JSON object with `note` per line,
   * of the newest checkpoints at least. Absent where the portal can write and not read.
   */
  read?(): Promise<string>;
}

/** A repository and the branch that an owner such as Argo CD applies. */
export interface SourceBranch {
  /** Address as in a browser: `https://github.com/acme/shop-config`. */
  repository: string;
  branch: string;
}

/** The files of a branch at one commit. */
export interface SourceReading {
  commit: string;
  files: SourceFile[];
}

/** What becomes a pull or merge request. */
export interface ProposalRequest extends SourceBranch {
  /** Commit of the branch that the files were edited at. */
  baseCommit: string;
  /** Branch to be made; the same change has the same. */
  proposalBranch: string;
  /** Without a text the file is removed. */
  files: { path: string; text?: string }[];
  /** Commit message; its last line names the change. */
  message: string;
  title: string;
  /** Markdown. */
  body: string;
}

/** What the host says of a proposal. */
export interface ProposalStatus {
  number: number;
  /** Page for people. */
  url: string;
  state: 'open' | 'merged' | 'closed';
  mergeCommit?: string;
  /** Who merged or closed it, as the host names them. */
  by?: string;
  /** True when it is open and the branch it goes to changed the same lines. Absent where the host does not say. */
  hasConflicts?: boolean;
}

/**
 * Where changes go that do not go to a cluster: a Git host that takes them as proposals. Its errors carry
 * no credentials. A {@link ChangeSinkError} says that asking again will not help.
 */
export interface ChangeSink {
  /** `GitHub`. */
  readonly name: string;
  readonly kind: 'pullRequest' | 'mergeRequest';
  /** Whether the repository is at this host, and credentials for it are configured. */
  serves(repository: string): boolean;
  /** The branch's head with the files that are wanted. */
  read(
    options: SourceBranch & { accepts: (path: string) => boolean },
  ): Promise<SourceReading>;
  /** The proposal of a branch, in any state. */
  find(
    options: SourceBranch & { proposalBranch: string },
  ): Promise<ProposalStatus | undefined>;
  /** Commits, pushes and opens. May be called again after a crash: it goes on where it was. */
  propose(request: ProposalRequest): Promise<ProposalStatus>;
  /** Cheap when nothing is new. */
  look(options: {
    repository: string;
    number: number;
  }): Promise<ProposalStatus>;
  /** Closes an open proposal without merging it. */
  close(options: { repository: string; number: number }): Promise<void>;
}

/** The host refused, and would again. */
export class ChangeSinkError extends Error {}

export type { JsonPatchOperation };
