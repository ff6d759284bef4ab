import { z } from 'zod';
import { decidedBySchema, objectRefSchema } from '../../resources/types';
import { certificateStateSchema } from '../certificates/types';

/** How far away the addresses of a Service can be called from. */
export const reachSchema = z.enum([
  'loadBalancer',
  'nodePort',
  'externalIP',
  'inside',
  'unknown',
]);
export type Reach = z.infer<typeof reachSchema>;

/** A Service that puts pods behind addresses of its own. */
export const outerServiceSchema = z.object({
  object: objectRefSchema,
  reach: reachSchema,
  /** Addresses the cluster gave it; empty: none yet, or not known. */
  addresses: z.array(z.string()),
  /** Ports callers use; a node port where there is one. */
  ports: z.array(
    z.object({ port: z.number(), nodePort: z.number().optional() }),
  ),
});
export type OuterService = z.infer<typeof outerServiceSchema>;

/** A certificate that a server names, and what is known of it. */
export const certificateRefSchema = z.object({
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  fieldPath: z.string(),
  certificate: certificateStateSchema,
});
export type CertificateRef = z.infer<typeof certificateRefSchema>;

/** One host of one server of a gateway that leads to the component. */
export const gatewayExposureSchema = z.object({
  gateway: objectRefSchema,
  /** `spec.servers[0]`, `spec.listeners[1]` */
  fieldPath: z.string(),
  host: z.string(),
  port: z.number(),
  protocol: z.string(),
  /** `none`, or Istio's word: SIMPLE, MUTUAL, PASSTHROUGH, ISTIO_MUTUAL, … */
  tls: z.string(),
  /** Plain requests are answered with a redirect to HTTPS. */
  httpsRedirect: z.boolean(),
  certificates: z.array(certificateRefSchema),
  /** Rules that send to the component. */
  rules: z.array(z.object({ object: objectRefSchema, fieldPath: z.string() })),
  /** What puts the gateway's pods within reach; empty: no Service does. */
  services: z.array(outerServiceSchema),
  /** Why it is not in force although it is written. */
  problem: z.string().optional(),
  caveats: z.array(z.string()),
});
export type GatewayExposure = z.infer<typeof gatewayExposureSchema>;

/** A host outside the mesh that the component's proxies know. */
export const knownOutsideSchema = z.object({
  host: z.string(),
  ports: z.array(z.number()),
  object: objectRefSchema,
});
export type KnownOutside = z.infer<typeof knownOutsideSchema>;

/** What the component may reach outside, as its proxies are told. */
export const outboundSchema = z.object({
  /** `any`: what nobody declared too; `declared`: only hosts of ServiceEntries; `unlimited`: no proxy looks. */
  mode: z.enum(['any', 'declared', 'mixed', 'unlimited', 'unknown']),
  text: z.string(),
  decidedBy: z.array(decidedBySchema),
  hosts: z.array(knownOutsideSchema),
});
export type Outbound = z.infer<typeof outboundSchema>;

/** From where a component can be called, and what it can call, outside its cluster. */
export const exposureAnswerSchema = z.object({
  cluster: z.string(),
  gateways: z.array(gatewayExposureSchema),
  /** Its own Services with an address outside the cluster. */
  services: z.array(outerServiceSchema),
  outbound: outboundSchema,
  caveats: z.array(z.string()),
});
export type ExposureAnswer = z.infer<typeof exposureAnswerSchema>;
