import { z } from 'zod';

/** What an entity says about itself: a claim until the owner binding proves it. */
export const entityMeshClaimSchema = z.object({
  entityRef: z.string(),
  ownerRef: z.string().optional(),
  /** `backstage.io/kubernetes-namespace` or `istio-portal.dev/namespace`. */
  namespace: z.string().optional(),
  /** `backstage.io/kubernetes-cluster` or `istio-portal.dev/clusters` (comma separated); empty means every cluster. */
  clusters: z.array(z.string()),
  /** Label selector all of whose terms must hold (matchLabels form). */
  selector: z.record(z.string()),
  /** Which annotation gave the selector, for the sentence of the match. */
  selectorFrom: z.string(),
  /** `istio-portal.dev/service`: names of Services that belong to the entity beside those that select its pods. */
  services: z.array(z.string()),
  /** `istio-portal.dev/health` as it is written; read where thresholds are resolved. */
  health: z.string().optional(),
  /** What of the annotations cannot be used, in words; a claim with problems matches nothing. */
  problems: z.array(z.string()).optional(),
});
export type EntityMeshClaim = z.infer<typeof entityMeshClaimSchema>;

/** A workload of the entity. */
export const workloadMatchSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'Pod']),
  name: z.string(),
  /** `version` or canonical revision label of the pod template. */
  version: z.string().optional(),
  serviceAccount: z.string().optional(),
  podsReady: z.number(),
  podsDesired: z.number(),
  /** "label app=reviews from annotation backstage.io/kubernetes-label-selector". */
  why: z.string(),
});
export type WorkloadMatch = z.infer<typeof workloadMatchSchema>;

/** A Service of the entity. */
export const serviceMatchSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Fully qualified host. */
  host: z.string(),
  ports: z.array(
    z.object({
      port: z.number(),
      targetPort: z.number().optional(),
      name: z.string().optional(),
      /** Istio's protocol by port name or appProtocol; "auto" when Istio detects it. */
      protocol: z.string(),
    }),
  ),
  why: z.string(),
});
export type ServiceMatch = z.infer<typeof serviceMatchSchema>;

/** A workload that does not belong to the entity, and why. */
export const nearMissSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  /** "label app is `review`, the entity asks for `reviews`"; "namespace is bound to group:default/other". */
  whyNot: z.string(),
});
export type NearMiss = z.infer<typeof nearMissSchema>;

/** Everything that belongs to an entity, with the reasons. */
export const entityMatchSchema = z.object({
  claim: entityMeshClaimSchema.optional(),
  workloads: z.array(workloadMatchSchema),
  services: z.array(serviceMatchSchema),
  nearMisses: z.array(nearMissSchema),
  /** Set when nothing matched: what is missing and the annotation or command that fixes it. */
  empty: z
    .object({
      title: z.string(),
      explanation: z.string(),
      /** YAML or a shell command to copy. */
      fix: z.string(),
    })
    .optional(),
});
export type EntityMatch = z.infer<typeof entityMatchSchema>;
