import { z } from 'zod';
import {
  changeApprovalSchema,
  diffLineSchema,
  guardrailVerdictSchema,
  type ChangeApproval,
  type DiffLine,
  type GuardrailVerdict,
} from '../changes/types';
import { objectRefSchema, type ObjectRef } from '../resources/types';

/** An entry of the log as the search shows it; times ISO 8601. */
export interface ThreadEntry {
  seq: number;
  opId: string;
  kind: string;
  by: string;
  about: string;
  occurredAt: string;
  recordedAt: string;
  text?: string;
  details: Record<string, unknown>;
  isRemoved: boolean;
}

/** One object of the operation, and what the clusters answered about it. */
export interface ThreadOperation {
  object: ObjectRef;
  action: 'create' | 'patch' | 'delete';
  diff: DiffLine[];
  /** The last answer that was recorded; absent: none was. */
  outcome?: string;
  message?: string;
  /** `Audit-ID` of the attempt. */
  attemptId?: string;
}

/** A word of a person about the operation: approval, refusal, cancellation, review. */
export interface ThreadDecision {
  seq: number;
  kind: string;
  by: string;
  at: string;
  reason?: string;
}

/** All entries of one operation, read together. What was redacted, or never recorded, is absent. */
export interface AuditThread {
  opId: string;
  about: string;
  /** Entity ref of who asked for it. */
  by: string;
  at: string;
  title?: string;
  reason?: string;
  ticket?: string;
  intentType?: string;
  groups: string[];
  /** IP address of who asked. */
  address?: string;
  /** Kubernetes users by cluster, as whom it was sent. */
  actingUsers: Record<string, string>;
  planHash?: string;
  revertOf?: string;
  revertedBy?: string;
  applyAt?: string;
  expiresAt?: string;
  /** Of an emergency: when the review is due at the latest. */
  reviewBy?: string;
  operations: ThreadOperation[];
  guardrails: GuardrailVerdict[];
  approval?: ChangeApproval;
  decisions: ThreadDecision[];
  /** How it stands: kind of the last entry that says so. */
  result?: string;
  entries: ThreadEntry[];
}

const text = z.string().optional().catch(undefined);

const intentSchema = z.object({
  title: text,
  reason: text,
  ticket: text,
  intentType: text,
  address: text,
  planHash: text,
  revertOf: text,
  // Epoch milliseconds in the record of the change.
  applyAt: z.union([z.string(), z.number()]).optional().catch(undefined),
  expiresAt: z.union([z.string(), z.number()]).optional().catch(undefined),
  groups: z.array(z.string()).catch([]),
  actingUsers: z.record(z.object({ user: z.string() }).passthrough()).catch({}),
  breakGlass: z
    .object({ reviewBy: z.union([z.string(), z.number()]) })
    .optional()
    .catch(undefined),
  approval: changeApprovalSchema.optional().catch(undefined),
  guardrails: z.array(guardrailVerdictSchema).catch([]),
  operations: z
    .array(
      z.object({
        index: z.number(),
        object: objectRefSchema,
        action: z.enum(['create', 'patch', 'delete']),
        diff: z.array(diffLineSchema).catch([]),
        attemptId: text,
      }),
    )
    .catch([]),
});

const outcomeSchema = z.object({
  operation: z.object({
    index: z.number(),
    outcome: z.string(),
    message: text,
    auditId: text,
    diff: z.array(diffLineSchema).optional().catch(undefined),
  }),
});

/** Kinds that say how an operation stands. */
const RESULTS = new Set([
  'requested',
  'approved',
  'declined',
  'cancelled',
  'expired',
  'superseded',
  'applied',
  'denied',
  'conflict',
  'failed',
  'partial',
  'indeterminate',
  'verified',
  'unverifiable',
  'reverted',
  'recovered',
  'resolved',
]);
const DECISIONS = new Set([
  'approved',
  'declined',
  'cancelled',
  'reviewed',
  'resolved',
]);

/** How entries of one operation say that it stands; undefined when none of them does. */
export function resolveThreadResult(
  entries: readonly Pick<ThreadEntry, 'kind' | 'seq'>[],
): string | undefined {
  return entries
    .filter(({ kind }) => RESULTS.has(kind))
    .reduce<Pick<ThreadEntry, 'kind' | 'seq'> | undefined>(
      (last, entry) => (last && last.seq > entry.seq ? last : entry),
      undefined,
    )?.kind;
}

/** Reads the entries of one operation together; undefined for none. */
export function resolveThread(
  of: readonly ThreadEntry[],
): AuditThread | undefined {
  const entries = [...of].sort((a, b) => a.seq - b.seq);
  const [first] = entries;
  if (!first) return undefined;
  // The record before sending repeats the request and knows the attempts.
  const said = entries
    .filter(({ kind, details }) => isBeginning(kind) && !('undo' in details))
    .map(({ details }) => intentSchema.parse(details));
  const intent = said.at(-1) ?? intentSchema.parse(first.details);
  return {
    opId: first.opId,
    about: first.about,
    by: first.by,
    at: first.occurredAt,
    title: intent.title,
    reason: intent.reason,
    ticket: intent.ticket,
    intentType: intent.intentType,
    groups: intent.groups,
    address: said.find(({ address }) => address)?.address,
    actingUsers: Object.fromEntries(
      Object.entries(intent.actingUsers).map(([cluster, { user }]) => [
        cluster,
        user,
      ]),
    ),
    planHash: intent.planHash,
    revertOf: intent.revertOf,
    revertedBy: readRevertedBy(entries),
    applyAt: toIso(intent.applyAt),
    expiresAt: toIso(intent.expiresAt),
    reviewBy: toIso(intent.breakGlass?.reviewBy),
    operations: readOperations(intent, entries),
    guardrails: intent.guardrails,
    approval: readApproval(entries) ?? intent.approval,
    decisions: entries
      .filter(({ kind }) => DECISIONS.has(kind))
      .map(toDecision),
    result: resolveThreadResult(entries),
    entries,
  };
}

function isBeginning(kind: string): boolean {
  return kind === 'intent' || kind === 'requested';
}

function readOperations(
  intent: z.output<typeof intentSchema>,
  entries: readonly ThreadEntry[],
): ThreadOperation[] {
  const answers = entries.flatMap(({ details }) => {
    const parsed = outcomeSchema.safeParse(details);
    return parsed.success ? [parsed.data.operation] : [];
  });
  return intent.operations.map(({ index, ...operation }) => {
    const answer = answers.filter(each => each.index === index).at(-1);
    return {
      ...operation,
      // What came out, admission included, where the API server has answered.
      diff: answer?.diff?.length ? answer.diff : operation.diff,
      attemptId: answer?.auditId ?? operation.attemptId,
      ...(answer && { outcome: answer.outcome, message: answer.message }),
    };
  });
}

function readApproval(
  entries: readonly ThreadEntry[],
): ChangeApproval | undefined {
  return entries
    .flatMap(({ details }) => {
      const parsed = changeApprovalSchema.safeParse(details.approval);
      return parsed.success ? [parsed.data] : [];
    })
    .at(-1);
}

function readRevertedBy(entries: readonly ThreadEntry[]): string | undefined {
  const by = entries.find(({ kind }) => kind === 'reverted')?.details
    .revertedBy;
  return typeof by === 'string' ? by : undefined;
}

function toDecision(entry: ThreadEntry): ThreadDecision {
  const { seq, kind, by, occurredAt, details } = entry;
  const { reason } = details;
  return {
    seq,
    kind,
    by,
    at: occurredAt,
    ...(typeof reason === 'string' && { reason }),
  };
}

function toIso(time: string | number | undefined): string | undefined {
  return typeof time === 'number' ? new Date(time).toISOString() : time;
}
