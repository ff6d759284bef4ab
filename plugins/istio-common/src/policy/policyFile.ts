import { z } from 'zod';
import { normalizeOwnerRefs } from '../entity/entityRef';
import { guardrailSettingsSchema } from './settings';

const ownersSchema = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((owners, ctx) => {
    const refs = normalizeOwnerRefs([owners].flat());
    if (refs.length < [owners].flat().length) {
      ctx.addIssue({
        code: 'custom',
        message:
          'must be an entity reference such as group:default/catalog-team',
      });
    }
    return refs;
  });

/**
 * What the portal's `istio:` section says about who may change what: read where there is no portal, by
 * the command line and for the admission policy. Its other keys are let through.
 */
export const policyFileSchema = z.object({
  clusters: z
    .array(
      z.object({
        name: z.string(),
        domain: z.string().default('cluster.local'),
        rootNamespace: z.string().default('istio-system'),
      }),
    )
    .default([]),
  ownership: z
    .object({
      bindAll: z.boolean().default(false),
      namespaces: z.record(ownersSchema).default({}),
    })
    .strict()
    .default({}),
  guardrails: guardrailSettingsSchema.default({}),
});
export type PolicyFile = z.infer<typeof policyFileSchema>;

/** Namespaces that have an owner in common with this one, itself among them; none for one that nobody owns. */
export function namespacesLike(
  { ownership }: Pick<PolicyFile, 'ownership'>,
  namespace: string,
): string[] {
  const owners = Object.hasOwn(ownership.namespaces, namespace)
    ? ownership.namespaces[namespace]
    : [];
  return Object.keys(ownership.namespaces).filter(other =>
    ownership.namespaces[other].some(owner => owners.includes(owner)),
  );
}
