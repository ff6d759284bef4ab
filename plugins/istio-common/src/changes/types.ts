import { z } from 'zod';
import { decidedBySchema, objectRefSchema } from '../resources/types';
import { componentAccessSchema } from '../mesh/authorization/componentAccess';
import { sentenceSchema } from '../mesh/health/types';
import { externalChangeSchema } from './externalChange';

/** RFC 6902. Edits carry `test` operations on uid, resourceVersion and the touched values. */
export const jsonPatchOperationSchema = z.object({
  op: z.enum(['add', 'remove', 'replace', 'test']),
  path: z.string(),
  value: z.unknown().optional(),
});
export type JsonPatchOperation = z.infer<typeof jsonPatchOperationSchema>;

/** One line of a YAML diff; `gap` stands for unchanged lines left out. */
export const diffLineSchema = z.object({
  kind: z.enum(['context', 'added', 'removed', 'gap']),
  text: z.string(),
});
export type DiffLine = z.infer<typeof diffLineSchema>;

/** What the object was when the plan was made; a moved base makes the plan worthless. */
export const planBaseSchema = z.object({
  uid: z.string(),
  resourceVersion: z.string(),
  /** Of the spec, where the API server counts. */
  generation: z.number().optional(),
  /** SHA-256 of the object without server-owned fields, canonical JSON. */
  hash: z.string(),
});

export const planOperationSchema = z.object({
  /** Position in the plan: subset before the route that uses it. */
  index: z.number(),
  action: z.enum(['create', 'patch', 'delete']),
  object: objectRefSchema,
  base: planBaseSchema.optional(),
  /** Body of a create. */
  body: z.record(z.unknown()).optional(),
  /** Body of a patch. */
  patch: z.array(jsonPatchOperationSchema).optional(),
  /** Objects without server-owned fields, for diff, record and revert. */
  before: z.record(z.unknown()).optional(),
  after: z.record(z.unknown()).optional(),
  diff: z.array(diffLineSchema),
  /** Managers that hold the touched fields, as claimed by `managedFields`. */
  fieldManagers: z.array(z.string()),
});
export type PlanOperation = z.infer<typeof planOperationSchema>;

export const planSchema = z.object({
  /** SHA-256 over the operations (object, action, base, body, patch): what the person saw is what is sent. */
  hash: z.string(),
  operations: z.array(planOperationSchema),
});
export type Plan = z.infer<typeof planSchema>;

export const guardrailVerdictSchema = z.object({
  policy: z.string(),
  verdict: z.enum(['pass', 'warn', 'needsApproval', 'deny', 'unknown']),
  text: z.string(),
  /**
   * With `needsApproval`: one list of owners per approval that is due, any one member of a list can
   * give it. An empty list, or none at all, leaves it to the portal's approvers.
   */
  approvers: z.array(z.array(z.string())).optional(),
  /** What it is about, where it is about one object, and which field of it. */
  object: objectRefSchema.optional(),
  path: z.string().optional(),
  /** Rules and settings it was judged by; another version may say something else. */
  policyVersion: z.string().optional(),
});
export type GuardrailVerdict = z.infer<typeof guardrailVerdictSchema>;

/** One approval that a change waits for. */
export const approvalRequirementSchema = z.object({
  /** The guardrail that asks for it, and in its words why. */
  policy: z.string(),
  text: z.string(),
  /** Entity refs of groups and people, of whom any one can give it; empty: the portal's approvers. */
  by: z.array(z.string()),
});
export type ApprovalRequirement = z.infer<typeof approvalRequirementSchema>;

export const approvalDecisionSchema = z.object({
  /** Entity ref of the person. */
  by: z.string(),
  decision: z.enum(['approved', 'declined']),
  reason: z.string().optional(),
  /** ISO time. */
  at: z.string(),
  /** Positions of the requirements that this approval gives. */
  countsFor: z.array(z.number()),
});
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

export const changeApprovalSchema = z.object({
  requirements: z.array(approvalRequirementSchema),
  decisions: z.array(approvalDecisionSchema),
  /** What is approved: change, requester, plan with its base, times and the version of the guardrails. */
  hash: z.string(),
  policyVersion: z.string(),
});
export type ChangeApproval = z.infer<typeof changeApprovalSchema>;

export const findingSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  text: z.string(),
  object: objectRefSchema.optional(),
  fieldPath: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** One version in "Before and after". Shares 0..1, rates per second over the observation's seconds. */
export const versionEffectSchema = z.object({
  key: z.string(),
  label: z.string(),
  before: z.number(),
  observed: z.number().optional(),
  after: z.number(),
  requestsPerSecondBefore: z.number().optional(),
  requestsPerSecondAfter: z.number().optional(),
  podsReady: z.number(),
  requestsPerSecondPerPodAfter: z.number().optional(),
});
export type VersionEffect = z.infer<typeof versionEffectSchema>;

export const affectedCallerSchema = z.object({
  workload: z.string().optional(),
  namespace: z.string().optional(),
  requestsPerSecond: z.number(),
  /** Rate of its requests that reach versions whose share grows, before and after. */
  movedBefore: z.number(),
  movedAfter: z.number(),
  /** Of a plan that decides who may call: whether the caller may, before and after, and why then. */
  access: z
    .object({
      before: componentAccessSchema,
      after: componentAccessSchema,
      reason: z.string(),
    })
    .optional(),
  entityRef: z.string().optional(),
  ownerRef: z.string().optional(),
  /** Owned by one of the requester's groups. */
  yours: z.boolean().optional(),
});
export type AffectedCaller = z.infer<typeof affectedCallerSchema>;

const behaviourValueSchema = z.object({
  /** In words: "5 s", "v2 100 %", "STRICT". */
  text: z.string(),
  detail: z.string().optional(),
  decidedBy: decidedBySchema.optional(),
});

/** One thing that is effectively different once a plan is applied, as Istio computes it from all objects. */
export const behaviourChangeSchema = z.object({
  area: z.enum(['routes', 'resilience', 'encryption', 'access']),
  /** "Timeout", "Requests", "Encryption on port 9080". */
  what: z.string(),
  /** What it holds for: "http[0]", "v2, port 9080", "reviews-v1". */
  where: z.string(),
  clusters: z.array(z.string()),
  before: behaviourValueSchema,
  after: behaviourValueSchema,
});
export type BehaviourChange = z.infer<typeof behaviourChangeSchema>;

export const dryRunResultSchema = z.object({
  cluster: z.string(),
  object: objectRefSchema,
  result: z.enum(['accepted', 'refused', 'notRun']),
  /** Refusal or warning of the API server, or why it was not run. */
  message: z.string().optional(),
  warnings: z.array(z.string()),
  /** Whether istiod's validating webhook is registered for the kind: without it a dry run checks the schema only. */
  istioWebhook: z.enum([
    'tookPart',
    'notRegistered',
    'notForThisKind',
    'unknown',
  ]),
});
export type DryRunResult = z.infer<typeof dryRunResultSchema>;

/** A change as a pull or merge request, where Git and not the cluster is where its objects are written. */
export const changeProposalSchema = z.object({
  /** What the host calls it. */
  kind: z.enum(['pullRequest', 'mergeRequest']),
  /** `GitHub`. */
  host: z.string(),
  /** Why: "Argo CD application shop". */
  owner: z.string(),
  /** Address of the repository, and the branch that the owner applies. */
  repository: z.string(),
  baseBranch: z.string(),
  /** Commit that the files were read at. */
  baseCommit: z.string(),
  /** Branch of the proposal; carries the change's id. Absent in a preview. */
  branch: z.string().optional(),
  files: z.array(z.object({ path: z.string(), diff: z.array(diffLineSchema) })),
  /** From here on what the host says; absent until it is opened. */
  number: z.number().optional(),
  url: z.string().optional(),
});
export type ChangeProposal = z.infer<typeof changeProposalSchema>;

export const changePreviewSchema = z.object({
  plan: planSchema,
  title: z.string(),
  effect: sentenceSchema,
  detail: sentenceSchema.optional(),
  versions: z.array(versionEffectSchema),
  /** What else is effectively different; shares of `versions` are not repeated. */
  behaviour: z.array(behaviourChangeSchema),
  /** Seconds the rates average over. */
  observedSeconds: z.number(),
  /** What the rates count: connections opened where the route has no requests to see; absent: requests. */
  counts: z.literal('connections').optional(),
  callers: z.array(affectedCallerSchema),
  findings: z.object({
    added: z.array(findingSchema),
    cleared: z.array(findingSchema),
  }),
  guardrails: z.array(guardrailVerdictSchema),
  dryRun: z.array(dryRunResultSchema),
  /** Parts of the present objects the form does not edit and leaves as they are. */
  keptAsIs: z.array(z.string()),
  /** Identity the writes go out as. */
  actsAs: z
    .object({ user: z.string(), groups: z.array(z.string()) })
    .optional(),
  apply: z.object({ allowed: z.boolean(), reasons: z.array(z.string()) }),
  /** Approvals the change waits for once it is sent; absent or empty: none, it is applied at once. */
  approvals: z.array(approvalRequirementSchema).optional(),
  /** Where it goes instead of the cluster. */
  proposal: changeProposalSchema.optional(),
  computedAt: z.string(),
});
export type ChangePreview = z.infer<typeof changePreviewSchema>;

export const changeStateSchema = z.enum([
  'planned',
  'awaitingApproval',
  'scheduled',
  'proposed',
  'merged',
  'applying',
  'applied',
  'verified',
  'unverifiable',
  'partial',
  'indeterminate',
  'denied',
  'conflict',
  'failed',
  'reverted',
  'declined',
  'cancelled',
  'expired',
  'superseded',
  // Of changes that the portal did not make.
  'outside',
  'adopted',
]);
export type ChangeState = z.infer<typeof changeStateSchema>;

export const operationOutcomeSchema = z.object({
  index: z.number(),
  object: objectRefSchema,
  action: z.enum(['create', 'patch', 'delete']),
  outcome: z.enum([
    'pending',
    'applied',
    'denied',
    'conflict',
    'failed',
    'unknown',
    'undone',
    'notSent',
  ]),
  /** HTTP status of the API server, when it answered. */
  status: z.number().optional(),
  message: z.string().optional(),
  /** `Audit-ID` of the attempt, the join key with the cluster's own audit log. */
  auditId: z.string().optional(),
  resourceVersion: z.string().optional(),
  /** Base to result as the API server returned it, admission mutations included. */
  diff: z.array(diffLineSchema),
});
export type OperationOutcome = z.infer<typeof operationOutcomeSchema>;

/** A step of "What happened", oldest first. */
export const changeEventSchema = z.object({
  at: z.string(),
  kind: z.enum([
    'requested',
    'approved',
    'scheduled',
    'proposed',
    'merged',
    'declined',
    'cancelled',
    'expired',
    'superseded',
    'denied',
    'applied',
    'conflict',
    'failed',
    'observed',
    'verified',
    'unverifiable',
    'undone',
    'reverted',
    'recovered',
    'resumed',
    'resolved',
    'reviewed',
    'seen',
    'adopted',
  ]),
  text: z.string(),
});
export type ChangeEvent = z.infer<typeof changeEventSchema>;

export const changeSchema = z.object({
  /** ULID, also the `istio-portal.dev/change-id` annotation. */
  id: z.string(),
  entityRef: z.string(),
  /** Intent's type, `revert`, or `external`. */
  intentType: z.string(),
  title: z.string(),
  state: changeStateSchema,
  /** Who asked for it; of a change that the portal did not make `outside`, which is nobody's ref. */
  requestedBy: z.object({ entityRef: z.string(), groups: z.array(z.string()) }),
  /** Of a change that the portal did not make: what is known of it. */
  external: externalChangeSchema.optional(),
  actsAs: z
    .object({ user: z.string(), groups: z.array(z.string()) })
    .optional(),
  /** Why; empty where nobody said so. */
  reason: z.string(),
  ticket: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /**
   * Of an applied change: why traffic does not show it yet, `12 requests since, 50 are needed to tell`.
   * Of a scheduled one whose time has come: why it is not sent yet. Of a proposed or merged one: what
   * the next step waits for.
   */
  waitingFor: z.string().optional(),
  planHash: z.string().optional(),
  /** Of a change that goes through Git. */
  proposal: changeProposalSchema.optional(),
  versions: z.array(versionEffectSchema),
  operations: z.array(operationOutcomeSchema),
  guardrails: z.array(guardrailVerdictSchema),
  /** Of a change that needed approvals: which, and what was decided. */
  approval: changeApprovalSchema.optional(),
  /** ISO time at which a change that still waits for approval closes itself. */
  approveUntil: z.string().optional(),
  /** Of a change that went past approval and freezes in an emergency: the review that is due. */
  breakGlass: z
    .object({
      /** ISO time. */
      reviewBy: z.string(),
      review: z
        .object({
          by: z.string(),
          verdict: z.enum(['accepted', 'objected']),
          reason: z.string(),
          /** ISO time. */
          at: z.string(),
        })
        .optional(),
    })
    .optional(),
  /** ISO time before which it is not applied. */
  applyAt: z.string().optional(),
  /** ISO time at which it is taken back by itself. */
  expiresAt: z.string().optional(),
  events: z.array(changeEventSchema),
  revertOf: z.string().optional(),
  revertedBy: z.string().optional(),
  revert: z.object({ possible: z.boolean(), why: z.string().optional() }),
});
export type Change = z.infer<typeof changeSchema>;
