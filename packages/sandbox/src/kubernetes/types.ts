import type {
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';

export type { KubeObject };

/** Who a bearer token speaks for. `system:authenticated` is added by the server. */
export interface TokenIdentity {
  user: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** Bearer token to identity. A token that is not in the table is answered with 401. */
export type TokenTable = Record<string, TokenIdentity>;

/**
 * What istiod's validating webhook would say of an object: `judged: false` means that nobody can tell
 * (answered with a Warning header, never a silent yes).
 */
export interface AdmissionVerdict {
  judged: boolean;
  errors: string[];
  warnings: string[];
}

export type AdmissionCheck = (object: KubeObject) => AdmissionVerdict;

/** What answers on a port of a Pod that is forwarded; undefined where nothing listens. */
export type PodListener = (
  pod: KubeObject,
  port: number,
) => RequestListener | undefined;

export interface KubernetesClusterOptions {
  /** Name of the cluster, for messages; also seeds the uids, so that two clusters differ. */
  name: string;
  /** Epoch milliseconds; every timestamp the server writes comes from here. */
  clock: () => number;
  users: TokenTable;
  /** Seed objects. Invalid ones of CRD kinds make the creation throw. */
  objects: KubeObject[];
  /** Changes kept for watches and consistent lists; older resourceVersions are answered with 410. Default 10,000. */
  compactAfter?: number;
  /** Verdict of istiod's webhook for `*.istio.io` kinds. Without it no such kind is judged. */
  admission?: AdmissionCheck;
  /** What can be reached by a port-forward. Default: nothing. */
  podListener?: PodListener;
  /** Milliseconds between BOOKMARK events of a watch that asked for them. Default 60,000. */
  bookmarkEveryMs?: number;
  /** Schemas are checked for seed objects too; switch off for very large generated worlds. Default true. */
  validateSeeds?: boolean;
}

/** One Kubernetes API server in memory. Mount `handler` on any `node:http` server. */
export interface KubernetesCluster {
  readonly name: string;
  /** Answers everything under /api, /apis, /version, /healthz, /livez, /readyz, /openapi. Never throws. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  /** Answers a connection that wants to become a WebSocket: port-forward. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  store: ObjectStore;
  faults: FaultInjector;
  /** Every request that reached authorization, oldest first. */
  audit: AuditRecord[];
  /** Forgets the changes so far: what asks for a version before now is answered with 410. */
  compact(): void;
  /** Ends watches and timers. */
  close(): void;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change of the store. Objects are frozen and in their storage version. */
export interface ObjectChange {
  type: ChangeType;
  /** `pods`, `virtualservices.networking.istio.io`. */
  resource: string;
  /** After the change; for DELETED the last state, with the resourceVersion of the deletion. */
  object: KubeObject;
  /** Before the change; absent for ADDED. */
  previous?: KubeObject;
  /** Epoch milliseconds by the cluster's clock. */
  at: number;
  resourceVersion: number;
}

/**
 * The objects of a cluster. A resource is named as kubectl names it: plural, then the group unless it is
 * the core group (`services`, `gateways.networking.istio.io`, `gateways.gateway.networking.k8s.io`).
 * Everything returned is frozen.
 */
export interface ObjectStore {
  list(resource: string, options?: { namespace?: string }): KubeObject[];
  get(
    resource: string,
    key: { namespace?: string; name: string },
  ): KubeObject | undefined;
  /**
   * Creates or replaces as the administrator: pruned and defaulted by schema, no authorization and no admission.
   * `status` is taken too. Returns the stored object; an equal object changes nothing.
   * @throws Error when the kind is unknown or the object breaks its schema.
   */
  apply(object: KubeObject): KubeObject;
  /** Deletes; returns the last state, undefined when there was none. */
  remove(
    resource: string,
    key: { namespace?: string; name: string },
  ): KubeObject | undefined;
  /** Called synchronously after each change. Returns the unsubscriber. */
  subscribe(listener: (change: ObjectChange) => void): () => void;
  /**
   * Every change since the start, oldest first, the seed objects as ADDED at the start included.
   * Not subject to compaction. Without `resources`: of all of them.
   */
  history(resources?: string[]): ObjectChange[];
  /** The newest resourceVersion of the cluster. */
  resourceVersion(): number;
}

/** Which requests a fault hits; all given conditions must hold. */
export interface FaultMatch {
  /** HTTP method, any case. */
  method?: string;
  /** Tested against path and query. */
  path?: RegExp | string;
  /** Kubernetes verb: get, list, watch, create, update, patch, delete, deletecollection. */
  verb?: string;
  /** `virtualservices` or `virtualservices.networking.istio.io`. */
  resource?: string;
  /** The user the request acts as, impersonation included. */
  user?: string;
}

export interface Fault {
  match: FaultMatch;
  /** How many requests it hits; unlimited when left out. */
  times?: number;
  /** Waits before the request is handled. */
  delayMs?: number;
  /** Handles the request, then cuts the connection instead of answering. */
  dropAfterEffect?: boolean;
  /** Answers with this HTTP status instead of handling the request (409, 410, 429, 5xx). */
  status?: number;
  /** Message of that answer. */
  message?: string;
  /** Retry-After in seconds, with `status`. */
  retryAfter?: number;
  /**
   * For watches: `cut` breaks the connection after `afterEvents` events, `gone` sends a 410 ERROR event then and ends,
   * `garbage` sends a line that is not JSON.
   */
  breakWatch?: { how: 'cut' | 'gone' | 'garbage'; afterEvents?: number };
}

export type ClusterState = 'up' | 'slow' | 'dead';

export interface FaultInjector {
  /** Returns the remover. The first fault that matches and has hits left is used. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Faults that have hits left. */
  list(): Fault[];
  /** `dead`: connections are destroyed, watches cut. `slow`: each answer waits `delayMs` (default 3,000). */
  setState(state: ClusterState, options?: { delayMs?: number }): void;
  state(): ClusterState;
}

/** One request as the server's audit log would tell it. */
export interface AuditRecord {
  auditId: string;
  /** Epoch milliseconds. */
  at: number;
  user: string;
  groups: string[];
  impersonated?: {
    user: string;
    groups: string[];
    uid?: string;
    extra: Record<string, string[]>;
  };
  verb: string;
  /** HTTP method and path without query. */
  method: string;
  path: string;
  object?: {
    group: string;
    version: string;
    resource: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  dryRun: boolean;
  userAgent?: string;
  /** HTTP status; 0 when the connection was cut instead of answered. */
  code: number;
  /** Why it was refused, when it was. */
  message?: string;
}
