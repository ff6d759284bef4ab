import { z } from 'zod';

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
  pods: z.number(),
  /** Name of the waypoint in front of the service, where one is. */
  waypoint: z.string().optional(),
  /** Why, e.g. "namespace label istio-injection=enabled". */
  why: z.string(),
});
export type DataPlane = z.infer<typeof dataPlaneSchema>;
