import { z } from 'zod';
import { meshFindingSchema, severitySchema } from '../analysis/types';
import { clusterStatusSchema, sourceErrorSchema } from './mesh';

/** A finding with the clusters that have it, word for word the same. */
export const sharedFindingSchema = meshFindingSchema.extend({
  clusters: z.array(z.string()),
});
export type SharedFinding = z.infer<typeof sharedFindingSchema>;

/** What a rule says on its page: read by a person who met one of its findings. */
export const ruleTextSchema = z.object({
  code: z.string(),
  name: z.string(),
  title: z.string(),
  severity: severitySchema,
  explanation: z.string(),
  remedy: z.string(),
  equivalents: z.array(z.string()),
});
export type RuleText = z.infer<typeof ruleTextSchema>;

/** Answer of `GET /v1/rules`: every rule, by code. */
export const ruleListSchema = z.object({ items: z.array(ruleTextSchema) });
export type RuleList = z.infer<typeof ruleListSchema>;

/** A rule that could not be asked in a cluster: its silence there means nothing. */
export const unaskedRuleSchema = z.object({
  cluster: z.string(),
  code: z.string(),
  name: z.string(),
  reason: z.string(),
});
export type UnaskedRule = z.infer<typeof unaskedRuleSchema>;

/** What the analysis says of one component. */
export const componentFindingsSchema = z.object({
  entityRef: z.string(),
  findings: z.array(sharedFindingSchema),
  /** How many rules there are. */
  rules: z.number(),
  skipped: z.array(unaskedRuleSchema),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type ComponentFindings = z.infer<typeof componentFindingsSchema>;

export const findingListQuerySchema = z.object({
  search: z.string().max(200).optional(),
  severity: severitySchema.optional(),
  code: z.string().max(20).optional(),
  owner: z.string().optional(),
  namespace: z.string().optional(),
  cluster: z.string().optional(),
  kind: z.string().max(63).optional(),
  sort: z.enum(['severity', 'code', 'object']).default('severity'),
  order: z.enum(['asc', 'desc']).default('asc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type FindingListQuery = z.infer<typeof findingListQuerySchema>;

/** A finding of the mesh page, with the components it concerns among those the caller may see. */
export const findingRowSchema = sharedFindingSchema.extend({
  entityRefs: z.array(z.string()),
  /** Owners of these components. */
  ownerRefs: z.array(z.string()),
});
export type FindingRow = z.infer<typeof findingRowSchema>;

export const findingListSchema = z.object({
  items: z.array(findingRowSchema),
  /** All that may be seen, whatever the filters. */
  all: z.number(),
  /** Matches of the filters, before paging. */
  total: z.number(),
  /** Over the filters without the severity filter. */
  counts: z.object({
    error: z.number(),
    warning: z.number(),
    info: z.number(),
  }),
  /** Values the filters can take. */
  facets: z.object({
    owners: z.array(z.string()),
    kinds: z.array(z.string()),
    namespaces: z.array(z.string()),
    clusters: z.array(z.string()),
    codes: z.array(z.string()),
  }),
  rules: z.number(),
  skipped: z.array(unaskedRuleSchema),
  clusters: z.array(clusterStatusSchema),
  errors: z.array(sourceErrorSchema),
});
export type FindingList = z.infer<typeof findingListSchema>;
