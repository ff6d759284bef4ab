import { z } from 'zod';
import { nameSchema, serviceTargetShape } from '../routing/schema';

const LONGEST = 50;

/** An identity of the mesh, as a certificate proves it. */
const principalSchema = z
  .string()
  .max(600)
  .regex(
    /^[a-z0-9][a-z0-9.-]*\/ns\/[a-z0-9][a-z0-9-]*\/sa\/[a-z0-9][a-z0-9.-]*$/,
    'must be an identity like cluster.local/ns/storefront/sa/checkout',
  );

const methodSchema = z
  .string()
  .max(40)
  .regex(/^[A-Z]+$/, 'must be an HTTP method in capitals, like GET');

/** `/orders` exactly, `/orders/*` and what begins so, `*.json` and what ends so, `/{*}/items`. */
const pathSchema = z
  .string()
  .max(2000)
  .regex(/^[/*]\S*$/, 'must begin with / or *');

/** Who may, or must not, and with what: all of a line must hold, one value of each list. */
export const callerRuleSchema = z
  .object({
    /** Service accounts. */
    principals: z.array(principalSchema).min(1).max(LONGEST).optional(),
    /** Every service account of these namespaces. */
    namespaces: z.array(nameSchema).min(1).max(LONGEST).optional(),
    /** Ports of the pods; absent: every port. */
    ports: z
      .array(z.number().int().min(1).max(65_535))
      .min(1)
      .max(LONGEST)
      .optional(),
    methods: z.array(methodSchema).min(1).max(LONGEST).optional(),
    paths: z.array(pathSchema).min(1).max(LONGEST).optional(),
  })
  .refine(
    ({ principals, namespaces }) => principals ?? namespaces,
    'must name a caller: principals or namespaces',
  );
export type CallerRule = z.infer<typeof callerRuleSchema>;

/**
 * All callers that one AuthorizationPolicy of a Service lets in, or keeps out, as far as this form can
 * say it. Rules of the policy that it cannot say stay as they are.
 */
export const whoMayCallParamsSchema = z.object({
  ...serviceTargetShape,
  action: z.enum(['ALLOW', 'DENY']),
  /** The policy to edit, of the Service's namespace; absent: the one this product made, or a new one. */
  policy: nameSchema.optional(),
  /** Evaluated and counted by the proxies, but not enforced. */
  dryRun: z.boolean().default(false),
  /** Empty: none; then the policy goes, unless it holds rules that are kept. */
  rules: z.array(callerRuleSchema).max(LONGEST),
  /** The rules are added to those that are there, which is what "open it to one more" asks for. */
  keepOthers: z.boolean().optional(),
});
export type WhoMayCallParams = z.infer<typeof whoMayCallParamsSchema>;
