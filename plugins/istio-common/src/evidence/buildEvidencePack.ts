import type { LogReport } from '../audit/report';
import {
  resolveThread,
  type AuditThread,
  type ThreadEntry,
} from './resolveThread';
import type { LogEntry } from '../audit/types';
import { isExternal, readExternal } from './readExternal';
import type {
  DutyConflict,
  EvidencePack,
  PackApproval,
  PackEmergency,
  PolicyUse,
} from './types';

const EXCEPTIONS = new Set([
  'denied',
  'failed',
  'conflict',
  'partial',
  'indeterminate',
  'unverifiable',
  'superseded',
]);
/** A refused try has no other entry; these begin an operation. */
const BEGINNINGS = new Set(['requested', 'intent', ...EXCEPTIONS]);
const READINGS = new Set(['auditRead', 'auditRefused', 'auditExport']);

/** What a pack is made of; times ISO 8601. */
export interface PackInput {
  /** All entries of the period, in order. */
  entries: readonly LogEntry[];
  /** Of exactly these entries. */
  verification: LogReport;
  from?: string;
  to?: string;
  madeAt: string;
  madeBy: string;
}

/** Reads a period of the log as an auditor does; nothing is left out that is not counted. */
export function buildEvidencePack(input: PackInput): EvidencePack {
  const { verification, from, to, madeAt, madeBy } = input;
  const all = input.entries.map(toThreadEntry);
  const ofLog = all.filter(({ about }) => about.startsWith('audit:'));
  const threads = groupThreads(
    all.filter(({ about }) => !about.startsWith('audit:')),
  );
  const own = threads.filter(thread => !isExternal(thread));
  const population = own.filter(beginsInPeriod);
  return {
    origin: verification.origin,
    from,
    to,
    madeAt,
    madeBy,
    verification,
    population,
    earlier: own.filter(thread => !beginsInPeriod(thread)),
    approvals: threads.flatMap(listApprovals),
    dutyConflicts: threads.flatMap(findDutyConflicts),
    exceptions: threads.filter(
      ({ entries, result }) =>
        EXCEPTIONS.has(result ?? '') ||
        entries.some(({ kind }) => EXCEPTIONS.has(kind)),
    ),
    emergencies: threads.flatMap(thread => readEmergency(thread, madeAt)),
    externals: threads.filter(isExternal).map(readExternal),
    backOuts: threads.filter(
      ({ revertOf, entries }) =>
        revertOf !== undefined ||
        entries.some(({ kind }) =>
          ['reverted', 'expired', 'undone'].includes(kind),
        ),
    ),
    policies: countPolicies(population),
    policyVersions: [
      ...new Set(
        threads.flatMap(({ approval }) => approval?.policyVersion ?? []),
      ),
    ].sort(),
    readings: ofLog.filter(({ kind }) => READINGS.has(kind)),
    logEvents: ofLog.filter(({ kind }) => !READINGS.has(kind)),
    unreadable: all.filter(({ isRemoved }) => isRemoved).length,
  };
}

/** An entry of the log as threads are read from. */
export function toThreadEntry(entry: LogEntry): ThreadEntry {
  const { seq, opId, kind, actor, target, payload } = entry;
  const content = payload && parsePayload(payload.json);
  return {
    seq,
    opId,
    kind,
    by: actor,
    about: target,
    occurredAt: new Date(entry.occurredAt).toISOString(),
    recordedAt: new Date(entry.recordedAt).toISOString(),
    ...(content?.text === undefined ? {} : { text: content.text }),
    details: content?.data ?? {},
    isRemoved: content === undefined,
  };
}

function parsePayload(
  json: string,
): { data?: Record<string, unknown>; text?: string } | undefined {
  try {
    return JSON.parse(json);
  } catch {
    // An altered payload is a finding of the verification.
    return undefined;
  }
}

function groupThreads(entries: readonly ThreadEntry[]): AuditThread[] {
  const byOperation = new Map<string, ThreadEntry[]>();
  for (const entry of entries) {
    const group = byOperation.get(entry.opId);
    if (group) group.push(entry);
    else byOperation.set(entry.opId, [entry]);
  }
  return [...byOperation.values()].flatMap(group => resolveThread(group) ?? []);
}

function beginsInPeriod({ entries }: AuditThread): boolean {
  return BEGINNINGS.has(entries[0].kind);
}

function listApprovals(thread: AuditThread): PackApproval[] {
  return thread.decisions
    .filter(({ kind }) => kind === 'approved' || kind === 'declined')
    .map(({ by, at, kind, reason }) => ({
      opId: thread.opId,
      title: thread.title,
      requestedBy: requesterOf(thread),
      by,
      at,
      kind,
      reason,
      planHash: thread.approval?.hash,
      policyVersion: thread.approval?.policyVersion,
    }));
}

/** Who asked, where the period holds it; a decision alone does not say. */
function requesterOf(thread: AuditThread): string {
  return beginsInPeriod(thread)
    ? thread.by
    : 'unknown, asked before the period';
}

function findDutyConflicts(thread: AuditThread): DutyConflict[] {
  const requester = requesterOf(thread);
  return thread.decisions.flatMap(({ by, kind, at }) =>
    by === requester && (kind === 'approved' || kind === 'reviewed')
      ? [{ opId: thread.opId, by, what: kind, at }]
      : [],
  );
}

function readEmergency(thread: AuditThread, madeAt: string): PackEmergency[] {
  const { reviewBy } = thread;
  if (reviewBy === undefined) return [];
  const entry = thread.entries.find(({ kind }) => kind === 'reviewed');
  if (!entry) {
    const isOverdue = Date.parse(madeAt) > Date.parse(reviewBy);
    return [{ thread, reviewBy, state: isOverdue ? 'overdue' : 'due' }];
  }
  const { verdict, reason } = entry.details;
  const isLate = Date.parse(entry.occurredAt) > Date.parse(reviewBy);
  return [
    {
      thread,
      reviewBy,
      state: isLate ? 'reviewedLate' : 'reviewed',
      review: {
        by: entry.by,
        at: entry.occurredAt,
        verdict: typeof verdict === 'string' ? verdict : 'unknown',
        ...(typeof reason === 'string' && { reason }),
      },
    },
  ];
}

function countPolicies(threads: readonly AuditThread[]): PolicyUse[] {
  const uses = new Map<string, Record<string, number>>();
  for (const { guardrails } of threads) {
    for (const { policy, verdict } of guardrails) {
      const verdicts = uses.get(policy) ?? {};
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      uses.set(policy, verdicts);
    }
  }
  return [...uses.entries()]
    .map(([policy, verdicts]) => ({ policy, verdicts }))
    .sort((a, b) => (a.policy < b.policy ? -1 : 1));
}
