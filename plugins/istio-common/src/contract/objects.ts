import { z } from 'zod';

const nameSchema = z.string().min(1).max(253);

/** Names one object of one cluster, as the objects of answers are named. */
export const objectQuerySchema = z.object({
  cluster: z.string().min(1).max(200),
  apiVersion: nameSchema,
  kind: z.string().min(1).max(63),
  /** Absent for objects without namespace. */
  namespace: nameSchema.optional(),
  name: nameSchema,
});
export type ObjectQuery = z.infer<typeof objectQuerySchema>;

/** One object as the cluster's watch saw it last. */
export const objectViewSchema = z.object({
  cluster: z.string(),
  /** Without `managedFields` and the last applied configuration. */
  object: z.record(z.unknown()),
  /** Fields that this portal does not keep of the kind are missing from the object. */
  partial: z.boolean(),
  /** ISO time of its creation. */
  createdAt: z.string().optional(),
  /** Who manages it, as the object itself claims. */
  managedBy: z.array(
    z.object({
      who: z.string(),
      from: z.string(),
      at: z.string().optional(),
    }),
  ),
  /** Components it concerns among those that the caller may see. */
  entityRefs: z.array(z.string()),
  /** ISO time when the watch of the kind last proved to be alive; absent when it never did. */
  asOf: z.string().optional(),
  /** Whether the watch of the kind answers. */
  state: z.enum(['fresh', 'stale']),
  /** Why it is stale. */
  message: z.string().optional(),
});
export type ObjectView = z.infer<typeof objectViewSchema>;
