import type { LogReport } from '../audit/report';
import type { ExternalAction, WriterClaim } from '../changes/externalChange';
import type { ObjectRef } from '../resources/types';
import type { AuditThread, ThreadEntry } from './resolveThread';

/** Person, time and ground of the approvals of one change. */
export interface PackApproval {
  opId: string;
  title?: string;
  requestedBy: string;
  by: string;
  at: string;
  kind: string;
  reason?: string;
  /** Hash of exactly what was approved. */
  planHash?: string;
  policyVersion?: string;
}

/** Somebody decided about what this person had asked for. */
export interface DutyConflict {
  opId: string;
  by: string;
  what: 'approved' | 'reviewed';
  at: string;
}

/** A change past approval and freezes, and the review after it. */
export interface PackEmergency {
  thread: AuditThread;
  reviewBy: string;
  review?: { by: string; at: string; verdict: string; reason?: string };
  state: 'reviewed' | 'reviewedLate' | 'due' | 'overdue';
}

/** A change of an object that the portal saw and did not make; absent is what the period does not hold. */
export interface PackExternal {
  opId: string;
  /** Component it concerns most. */
  about: string;
  title?: string;
  seenAt?: string;
  object?: ObjectRef;
  action?: ExternalAction;
  /** In words; names of writers are chosen by themselves. */
  claimedBy?: string;
  claims?: WriterClaim[];
  /** Another tool that keeps the object. */
  owner?: string;
  adoption?: { by: string; at: string; reason?: string; ticket?: string };
  revert?: { changeId?: string; at: string };
  /** As the entries of the period leave it. */
  disposition: 'open' | 'adopted' | 'reverted';
}

/** A guardrail as it spoke in the period. */
export interface PolicyUse {
  policy: string;
  /** How often by verdict. */
  verdicts: Record<string, number>;
}

/** What an auditor asks of a period, all of it out of the entries of the log. */
export interface EvidencePack {
  /** Of the log; undefined without a checkpoint. */
  origin?: string;
  /** As asked for; absent: from the beginning, up to the end. */
  from?: string;
  to?: string;
  madeAt: string;
  /** Entity ref of who asked for it. */
  madeBy: string;
  verification: LogReport;
  /** Operations that began in the period, oldest first. */
  population: AuditThread[];
  /** Operations that began before it and had entries in it. */
  earlier: AuditThread[];
  approvals: PackApproval[];
  dutyConflicts: DutyConflict[];
  /** What did not end applied as asked. */
  exceptions: AuditThread[];
  emergencies: PackEmergency[];
  /** Seen in the period, or decided about in it. */
  externals: PackExternal[];
  /** Reverts, and what took itself back. */
  backOuts: AuditThread[];
  policies: PolicyUse[];
  /** Versions of the guardrails that approvals were bound to. */
  policyVersions: string[];
  /** Readings, exports, refusals. */
  readings: ThreadEntry[];
  /** Keys, anchors, redaction, retention, holds. */
  logEvents: ThreadEntry[];
  /** Entries whose details are gone, so that they cannot be judged. */
  unreadable: number;
}

/** One file of the pack. */
export interface PackFile {
  name: string;
  text: string;
}
