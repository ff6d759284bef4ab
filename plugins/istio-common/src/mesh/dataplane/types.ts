import { z } from 'zod';

/** Pods whose proxies have one version and one control plane. */
export const proxyGroupSchema = z.object({
  cluster: z.string(),
  pods: z.number(),
  /** Undefined where the image has no tag. */
  version: z.string().optional(),
  /** As the injector noted it on the pods. */
  revision: z.string().optional(),
  controlPlane: z
    .object({ revision: z.string(), version: z.string().optional() })
    .optional(),
  /** `tooFarBehind`: more than two minor versions. */
  skew: z.enum(['same', 'behind', 'tooFarBehind', 'ahead', 'unknown']),
  /** "1.28.3 in 2 pods, 3 minor versions behind the control plane 1.31.0" */
  text: z.string(),
});
export type ProxyGroup = z.infer<typeof proxyGroupSchema>;

export const dataPlaneSchema = z.object({
  mode: z.enum([
    'sidecar',
    'ambient',
    'waypoint',
    'gateway',
    'none',
    'mixed',
    'unknown',
  ]),
  /** Proxy versions seen on pods (image tag of istio-proxy), newest first. */
  proxyVersions: z.array(z.string()),
  podsWithProxy: z.number(),
  /** Proxies by version against the control plane they talk to; ambient pods have none of their own. */
  proxies: z.array(proxyGroupSchema),
  pods: z.number(),
  /** Name of the waypoint in front of the service, where one is. */
  waypoint: z.string().optional(),
  /** Why, e.g. "namespace label istio-injection=enabled". */
  why: z.string(),
});
export type DataPlane = z.infer<typeof dataPlaneSchema>;

/** Configuration that a proxy does not have in force although istiod sent it. */
export interface UnsyncedConfig {
  /** `routes`, `clusters` */
  config: string;
  state: 'refused' | 'notAcknowledged';
  /** Envoy's words for a refusal. */
  error?: string;
}

/** What istiod knows of one connected proxy. */
export interface ProxyStatus {
  namespace: string;
  pod: string;
  /** Empty for a proxy that is in sync. */
  unsynced: readonly UnsyncedConfig[];
}

/** What the control plane of one cluster said of its proxies, all of its replicas together. */
export type ProxyStatusReading = { cluster: string } & (
  | {
      state: 'read';
      /** Epoch milliseconds of the answer. */
      asOf: number;
      proxies: readonly ProxyStatus[];
    }
  /** In words after "because". */
  | { state: 'unknown'; reason: string }
);

export const unsyncedProxySchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  pod: z.string(),
  /** `notConnected`: no replica of istiod knows the proxy. */
  state: z.enum(['refused', 'notAcknowledged', 'notConnected']),
  /** Kinds of configuration that are not in force; empty for a proxy that is not connected. */
  configs: z.array(z.string()),
  /** Envoy's words for a refusal. */
  error: z.string().optional(),
});
export type UnsyncedProxy = z.infer<typeof unsyncedProxySchema>;

export const proxySyncSchema = z.object({
  /** `unknown` as soon as a cluster's istiod could not be asked and no proxy elsewhere is out of sync. */
  state: z.enum(['inSync', 'outOfSync', 'unknown']),
  /** Proxies of the component that were asked about. */
  proxies: z.number(),
  outOfSync: z.array(unsyncedProxySchema),
  /** ISO time of the oldest answer; absent where none was given. */
  asOf: z.string().optional(),
  /** "1 of 4 proxies is out of sync with istiod: …" */
  text: z.string(),
});
export type ProxySync = z.infer<typeof proxySyncSchema>;
