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
