import { z } from 'zod';

/** A client that `managedFields` names for a change. Its name is chosen by the client: a claim, not an identity. */
export const writerClaimSchema = z.object({
  manager: z.string(),
  /** `Update` or `Apply`. */
  operation: z.string().optional(),
  /** ISO time of its last write. */
  at: z.string().optional(),
  /** Of the changed fields those that it holds now, `spec.http[0].timeout`; absent where that is not known. */
  fields: z.array(z.string()).optional(),
});
export type WriterClaim = z.infer<typeof writerClaimSchema>;

/** Another tool that keeps the object, as marks on it say. */
export const ownerClaimSchema = z.object({
  /** "Argo CD application shop" */
  name: z.string(),
  /** Where a change of the object belongs. */
  advice: z.string(),
  /** The writer's name is one of this kind of tool: the owner made the change itself. */
  madeIt: z.boolean(),
});
export type OwnerClaim = z.infer<typeof ownerClaimSchema>;

export const externalActionSchema = z.enum([
  'created',
  'edited',
  'deleted',
  /** Deleted, and created anew under the same name. */
  'recreated',
]);
export type ExternalAction = z.infer<typeof externalActionSchema>;

/** What is known of a change that the portal did not make. */
export const externalChangeSchema = z.object({
  action: externalActionSchema,
  /** Who wrote it, newest first; empty where nothing tells. */
  claims: z.array(writerClaimSchema),
  owner: ownerClaimSchema.optional(),
  /** Changed fields, `spec.http[0].route[0].weight`; some of them where there are many. */
  fields: z.array(z.string()),
  /**
   * How many changes the object's generation counts since it was last seen; more than one: what lay
   * between was not seen. Absent where nothing counts them (labels, annotations, another object).
   */
  generations: z.number().optional(),
  /** SHA-256 of the object without server-owned fields and hidden values. */
  hash: z.object({
    before: z.string().optional(),
    after: z.string().optional(),
  }),
  /** Fields that look like secrets: their values are kept nowhere. */
  hidden: z.array(z.string()),
  /** Why nobody can see what changed, where that is so. */
  unseen: z.string().optional(),
  /** Somebody said that this is how it is meant to be. */
  adoption: z
    .object({
      by: z.string(),
      reason: z.string(),
      ticket: z.string().optional(),
      /** ISO time. */
      at: z.string(),
    })
    .optional(),
});
export type ExternalChange = z.infer<typeof externalChangeSchema>;
