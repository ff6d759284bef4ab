import { z } from 'zod';

/** One Kubernetes object as it came from the API server; the core reads, never mutates it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  /** RFC 3339. */
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
  }[];
  managedFields?: ManagedFieldsEntry[];
}

/** `managedFields` entry. The manager's name is chosen by the client: a claim, not an identity. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
  subresource?: string;
}

/** Names one object of one cluster. */
export const objectRefSchema = z.object({
  cluster: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});
export type ObjectRef = z.infer<typeof objectRefSchema>;

/**
 * What decided a value: an object with the field's path (`spec.mtls.mode`), Istio's own default,
 * a mesh setting (path into meshConfig), or nothing at all.
 */
export const decidedBySchema = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('object'),
    object: objectRefSchema,
    fieldPath: z.string(),
  }),
  z.object({ by: z.literal('istioDefault'), note: z.string() }),
  z.object({ by: z.literal('meshConfig'), fieldPath: z.string() }),
  z.object({ by: z.literal('nothing'), note: z.string() }),
]);
export type DecidedBy = z.infer<typeof decidedBySchema>;
