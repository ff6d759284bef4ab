import { z } from 'zod';
import { decidedBySchema, objectRefSchema } from '../../resources/types';
import {
  authorizationAnswerSchema,
  authorizationDecisionSchema,
} from './types';

/** `always`, or only with some requests; `mixed` where ports or clusters differ. */
export const componentAccessSchema = z.enum([
  'always',
  'sometimes',
  'never',
  'refused',
  'unknown',
  'mixed',
]);
export type ComponentAccess = z.infer<typeof componentAccessSchema>;

/** Somebody who was seen calling, over all clusters. */
export const observedCallerSchema = z.object({
  namespace: z.string().optional(),
  workload: z.string().optional(),
  /** Proven by its certificate; absent where it sent none. */
  principal: z.string().optional(),
  clusters: z.array(z.string()),
  requests: z.number(),
  connections: z.number(),
  /** Requests, or else connections. */
  perSecond: z.number(),
  /** Of requests and connections; what is in neither was not reported. */
  encrypted: z.number(),
  plaintext: z.number(),
  access: componentAccessSchema,
  /** What lets it in, or keeps it out. */
  decidedBy: z.array(decidedBySchema),
  reason: z.string(),
  /** Facts of the request that it depends on. */
  dependsOn: z.array(z.string()),
  /** Filled by the shell from the catalog. */
  entityRef: z.string().optional(),
  ownerRef: z.string().optional(),
});
export type ObservedCaller = z.infer<typeof observedCallerSchema>;

export const describedRuleSchema = z.object({
  /** `spec.rules[0]` */
  fieldPath: z.string(),
  /** Alternatives; empty: anybody. */
  who: z.array(z.string()),
  /** Alternatives; empty: any request. */
  what: z.array(z.string()),
  /** All must hold. */
  when: z.array(z.string()),
  /** It goes by addresses, which prove no identity. */
  byAddress: z.boolean(),
  /** `namespace/workload` of observed callers that it lets in, at least with some requests. */
  usedBy: z.array(z.string()),
});
export type DescribedRule = z.infer<typeof describedRuleSchema>;

/** An AuthorizationPolicy in force for the component. */
export const describedPolicySchema = z.object({
  object: objectRefSchema,
  clusters: z.array(z.string()),
  workloads: z.array(z.string()),
  action: z.enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
  provider: z.string().optional(),
  /** Evaluated and reported only. */
  dryRun: z.boolean(),
  rules: z.array(describedRuleSchema),
});
export type DescribedPolicy = z.infer<typeof describedPolicySchema>;

/** A value of an ALLOW rule that no observed caller needed. */
export const unusedGrantSchema = z.object({
  policy: decidedBySchema,
  list: z.string(),
  value: z.string(),
  clusters: z.array(z.string()),
});

export const unusedGrantsSchema = z.discriminatedUnion('known', [
  z.object({ known: z.literal(true), grants: z.array(unusedGrantSchema) }),
  z.object({ known: z.literal(false), why: z.string() }),
]);
export type ComponentUnusedGrants = z.infer<typeof unusedGrantsSchema>;

/** What is done with end users' tokens. */
export const tokenCheckSchema = z.object({
  object: objectRefSchema,
  clusters: z.array(z.string()),
  rules: z.array(
    z.object({
      fieldPath: z.string(),
      issuer: z.string(),
      audiences: z.array(z.string()),
    }),
  ),
});
export type TokenCheck = z.infer<typeof tokenCheckSchema>;

export const tokensSchema = z.object({
  checks: z.array(tokenCheckSchema),
  /** Conditions of policies that only a request with a token meets; empty: one without passes as well. */
  demandedBy: z.array(decidedBySchema),
});

/** Who calls a component, and who may. */
export const componentAccessAnswerSchema = z.object({
  callers: z.array(observedCallerSchema),
  policies: z.array(describedPolicySchema),
  unusedGrants: unusedGrantsSchema,
  tokens: tokensSchema,
  /** What could not be read: then the answer may lack policies. */
  unread: z.array(z.string()),
});
export type ComponentAccessAnswer = z.infer<typeof componentAccessAnswerSchema>;

/** One answer, for all workloads and clusters that give it. */
export const placedAnswerSchema = authorizationAnswerSchema.extend({
  clusters: z.array(z.string()),
  workloads: z.array(z.string()),
});
export type PlacedAnswer = z.infer<typeof placedAnswerSchema>;

/** "May A call this component?" over its workloads and clusters. */
export const componentAuthorizationSchema = z.object({
  /** `mixed` where workloads or clusters answer differently. */
  decision: authorizationDecisionSchema.or(z.literal('mixed')),
  port: z.number().optional(),
  caller: z.object({
    /** How the caller was found. */
    kind: z.enum([
      'workload',
      'serviceAccount',
      'service',
      'address',
      'assumed',
    ]),
    /** As asked: `namespace/name` or an address. */
    name: z.string(),
    /** Workload that stands for it. */
    workload: z.string().optional(),
    principal: z.string().optional(),
  }),
  answers: z.array(placedAnswerSchema),
  /** Clusters that could not be asked, in words. */
  unknown: z.array(z.string()),
});
export type ComponentAuthorization = z.infer<
  typeof componentAuthorizationSchema
>;
