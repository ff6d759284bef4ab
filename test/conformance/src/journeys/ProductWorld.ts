import type { KubernetesObject } from './types';

/** A cluster as the portal's configuration names it. */
export interface ClusterAddress {
  name: string;
  /** API server, on this machine's loopback interface. */
  url: string;
  token: string;
  /** Of the authority that signed its certificate, with https. */
  caFile?: string;
  /** Up to but not including `/api/v1`. */
  prometheus: string;
}

/** Requests of one workload to one address, with what came back. */
export interface RequestCounts {
  /** Answers of any status. */
  answered: number;
  /** `error` where no answer came. */
  statuses: Record<string, number>;
  /** By the version that answered. */
  versions: Record<string, number>;
}

export interface SendOptions {
  from: WorkloadName;
  /** `http://reviews.catalog:9080/reviews` */
  url: string;
  /** At least so many. */
  count: number;
  /** Of each request; the sandbox's traffic has its own, so only the lab sends them. */
  headers?: Record<string, string>;
  /** Whether answers are expected at all; the sandbox can only wait for what does not come. */
  refused?: boolean;
}

export interface WorkloadName {
  namespace: string;
  workload: string;
}

/**
 * The shop in one of the two worlds, with the hands of those who work on it past the portal: kubectl,
 * a broken release, a dead API server.
 */
export interface ProductWorld {
  kind: 'sandbox' | 'lab';
  /** The first is where changes are made; the second beside it may die. */
  clusters: [ClusterAddress, ClusterAddress];
  read(path: string): Promise<KubernetesObject>;
  /** As `kubectl edit` does: not as the portal, past it. */
  patch(path: string, patch: object[]): Promise<void>;
  /** As `kubectl create` and `kubectl delete` do. */
  create(collection: string, object: object): Promise<void>;
  remove(path: string): Promise<void>;
  /** Sends them (lab), or waits until the traffic that is there has made as many (sandbox). */
  send(options: SendOptions): Promise<RequestCounts>;
  /** From now on so many of the requests to this version fail with 503; 0 mends it. */
  failVersion(options: WorkloadName & { share: number }): Promise<void>;
  /** A silent cluster takes connections and answers nothing: API server and metrics. */
  setSilent(cluster: string, options: { silent: boolean }): Promise<void>;
  /** Steady requests of one workload until `stop`: the shop's own traffic in the sandbox. */
  keepSending(options: {
    from: WorkloadName;
    url: string;
    perSecond: number;
  }): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}
