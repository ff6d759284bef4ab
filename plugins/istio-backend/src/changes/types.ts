import type {
  AuditorServiceCreateEventOptions,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AdoptRequest,
  ApprovalList,
  ApproveRequest,
  CancelRequest,
  Change,
  ChangeApproval,
  ChangeList,
  ChangeListQuery,
  ChangeMark,
  ChangePreview,
  ChangeProposal,
  ChangeState,
  DeclineRequest,
  ExternalChange,
  FinishRequest,
  GuardrailVerdict,
  Intent,
  ObjectRef,
  OperationOutcome,
  Plan,
  PreviewRequest,
  ResolveRequest,
  ReviewRequest,
  RevertRequest,
  SubmitRequest,
  VersionEffect,
} from '@istio-backstage/plugin-istio-common';
import type { ActingUser } from '@istio-backstage/plugin-istio-node';
import type { NewAuditEntry } from '../audit/types';

/** Who asks. */
export interface ChangeContext {
  credentials: BackstageCredentials<BackstageUserPrincipal>;
  /** Only for the portal's own auditor (address, user agent). */
  request?: AuditorServiceCreateEventOptions['request'];
}

/**
 * The one write path: forms, templates, pipelines and reverts all end here.
 *
 * Errors: `NotFoundError` (no such change or entity for this user), `NotAllowedError` (permission,
 * cluster RBAC, guardrail), `InputError` (the intent cannot be compiled; names the field),
 * `ConflictError` (the plan is not the one that was looked at, or another change holds the object),
 * `ServiceUnavailableError` (cluster or record out of reach; nothing was sent).
 */
export interface ChangeService {
  preview(
    request: PreviewRequest,
    context: ChangeContext,
  ): Promise<ChangePreview>;
  /** Answers when every request got its answer; the change's state says which. */
  submit(request: SubmitRequest, context: ChangeContext): Promise<Change>;
  previewRevert(id: string, context: ChangeContext): Promise<ChangePreview>;
  revert(
    id: string,
    request: RevertRequest,
    context: ChangeContext,
  ): Promise<Change>;
  get(id: string, context: ChangeContext): Promise<Change>;
  list(query: ChangeListQuery, context: ChangeContext): Promise<ChangeList>;
}

/**
 * What people decide about changes that wait, or that stopped half-way.
 *
 * Errors: as {@link ChangeService}; `NotAllowedError` also where it is not up to this person, and
 * `ConflictError` where the change does not wait any more or is not what was looked at.
 */
export interface ApprovalService {
  /** What waits for this person, and what this person asked for. */
  list(context: ChangeContext): Promise<ApprovalList>;
  /** With the last missing approval the change is applied, as who asked for it. */
  approve(
    id: string,
    request: ApproveRequest,
    context: ChangeContext,
  ): Promise<Change>;
  decline(
    id: string,
    request: DeclineRequest,
    context: ChangeContext,
  ): Promise<Change>;
  cancel(
    id: string,
    request: CancelRequest,
    context: ChangeContext,
  ): Promise<Change>;
  /** Says of a change outside that it is meant to be so. */
  adopt(
    id: string,
    request: AdoptRequest,
    context: ChangeContext,
  ): Promise<Change>;
  /** Says afterwards what is to be thought of a change made in an emergency. */
  review(
    id: string,
    request: ReviewRequest,
    context: ChangeContext,
  ): Promise<Change>;
  /** Sends the rest of a partial change. */
  finish(
    id: string,
    request: FinishRequest,
    context: ChangeContext,
  ): Promise<Change>;
  /** Closes a change whose outcome nothing proves. */
  resolve(
    id: string,
    request: ResolveRequest,
    context: ChangeContext,
  ): Promise<Change>;
}

/** Changes as marks on other views. The caller has authorised the reading of these entities. */
export interface ChangeHistory {
  /** Newest first; tries that changed nothing (denied, conflict, failed) included. */
  listForEntity(entityRef: string, limit: number): Promise<ChangeMark[]>;
  /** The newest change that reached a cluster, per entity; entities without one are absent. */
  lastByEntity(entityRefs: string[]): Promise<Map<string, ChangeMark>>;
}

/** A state of the object that a request of the product made. */
export interface ReachedVersion {
  /** All absent when the request deleted the object. */
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  /** The request took the operation back. */
  isUndo?: true;
}

/** One object of a change: the public outcome and what recovery and revert need. */
export interface StoredOperation extends OperationOutcome {
  /** The object as the API server returned it, without server-owned fields. */
  result?: Record<string, unknown>;
  /** Epoch milliseconds just before the request went out. */
  sentAt?: number;
  /** In the order of the requests that took effect. */
  reached?: ReachedVersion[];
}

/** A change as the store keeps it. Times are epoch milliseconds of the database's clock. */
export interface StoredChange {
  id: string;
  entityRef: string;
  intentType: string;
  /** Absent for a try that was refused before it could be read. */
  intent?: Intent;
  title: string;
  state: ChangeState;
  requestedBy: { entityRef: string; groups: string[] };
  /** Identity per cluster. */
  actingUsers: Record<string, ActingUser>;
  reason: string;
  ticket?: string;
  createdAt: number;
  updatedAt: number;
  /** Counts its updates. */
  revision: number;
  appliedAt?: number;
  observedAt?: number;
  /** Why traffic does not show it yet; of the last look at it. */
  waitingFor?: string;
  planHash?: string;
  /** The requester's own name of the submission; no second one of theirs has it. */
  idempotencyKey?: string;
  /** Frozen when the change was recorded: these bytes are sent, later ones are not. */
  plan?: Plan;
  /** Of a change that goes through Git: what was recorded before each request, and what the host said. */
  proposal?: ChangeProposal;
  versions: VersionEffect[];
  operations: StoredOperation[];
  guardrails: GuardrailVerdict[];
  /** Of a change that the portal did not make. */
  external?: ExternalChange;
  revertOf?: string;
  revertedBy?: string;
  /** What was looked at, of a change that waits for people or its time. */
  preview?: Omit<ChangePreview, 'plan'>;
  approval?: ChangeApproval;
  /** When it closes itself if nobody approves. */
  approveUntil?: number;
  /** Not before; absent: as soon as nothing else is waited for. */
  applyAt?: number;
  /** When it is taken back. */
  expiresAt?: number;
  /** Of an emergency: until when somebody else is to review it, and the review. */
  breakGlass?: {
    reviewBy: number;
    review?: NonNullable<Change['breakGlass']>['review'];
  };
}

export type NewChange = Omit<
  StoredChange,
  | 'createdAt'
  | 'updatedAt'
  | 'revision'
  | 'appliedAt'
  | 'observedAt'
  | 'waitingFor'
  | 'revertedBy'
  | 'approveUntil'
>;

/** What a change waits for the clock with: its own column, and the states in which it counts. */
export type ChangeTimer = 'approveUntil' | 'applyAt' | 'expiresAt';

/** Another change is being applied to the same object. */
export interface LockedObject {
  objectKey: string;
  changeId: string;
}

/** A transition with everything it says, in one transaction; it matches no row when the state moved. */
export interface ChangeUpdate {
  id: string;
  /** States the row must be in. */
  from: ChangeState[];
  /** Absent: the state stays. */
  to?: ChangeState;
  /** When given, the row must be leased to this owner. */
  leasedTo?: string;
  /** When given, nobody may have updated the change since it was read with this. */
  revision?: number;
  operations?: StoredOperation[];
  proposal?: ChangeProposal;
  /** Sets `appliedAt` to database time. */
  applied?: boolean;
  /** Sets `observedAt` to database time; matches no row when it was set before. */
  observed?: boolean;
  revertedBy?: string;
  releaseLocks?: boolean;
  releaseLease?: boolean;
  /** The review of an emergency; matches no row when somebody reviewed it first. */
  reviewed?: StoredChange['breakGlass'];
  /** Its end needs no looking after any more; matches no row when another replica found so first. */
  expiryDone?: boolean;
  /** One more decision; matches no row when somebody decided meanwhile. */
  approval?: ChangeApproval;
  /** What a person said of a change outside. */
  external?: ExternalChange;
  /** Prolongs the lease in the same statement. */
  leaseSeconds?: number;
  entries: NewAuditEntry[];
}

/** Keeps changes together with their audit entries. */
export interface ChangeStore {
  /**
   * Commits change, locks, lease and entries, or nothing. Answers the lock that is in the way
   * instead of throwing; throws when the database does.
   */
  insert(options: {
    change: NewChange;
    /** Keys of objects no other change may hold; empty for closed tries. */
    locks: string[];
    lease?: { owner: string; seconds: number };
    /** From now on, by the database's clock. */
    approveWithinSeconds?: number;
    entries: NewAuditEntry[];
  }): Promise<{ locked: LockedObject } | { locked?: undefined }>;
  /**
   * Takes a waiting change to `applying` with its locks and a lease, in one transaction: `begun` false
   * when it is not in the state any more, `locked` when another change holds an object.
   */
  begin(options: {
    id: string;
    from: ChangeState;
    locks: string[];
    lease: { owner: string; seconds: number };
    operations?: StoredOperation[];
    entries: NewAuditEntry[];
  }): Promise<{ begun: boolean; locked?: LockedObject }>;
  /** Changes whose time has come, each for one replica and so many seconds. */
  claimDue(options: {
    states: ChangeState[];
    timer: ChangeTimer;
    seconds: number;
    limit: number;
  }): Promise<StoredChange[]>;
  /** False when no row was in one of the states (or leased to the owner). */
  update(update: ChangeUpdate): Promise<boolean>;
  /** Says of an applied change what is missing until it is verified, of a scheduled, proposed or merged one what it waits for. No step of it, so no entry in the log. */
  explainWait(options: { id: string; waitingFor: string }): Promise<void>;
  /** False when the lease is another's by now: stop sending. */
  renewLease(options: {
    id: string;
    owner: string;
    seconds: number;
  }): Promise<boolean>;
  /** Changes in these states whose lease ran out, leased to the owner by conditional updates. */
  claim(options: {
    states: ChangeState[];
    owner: string;
    seconds: number;
    limit: number;
  }): Promise<StoredChange[]>;
  get(id: string): Promise<StoredChange | undefined>;
  /** The change that this person submitted under this key. */
  findByKey(options: {
    by: string;
    key: string;
  }): Promise<StoredChange | undefined>;
  /** Entities that a change concerns beside its own; only changes outside have any. */
  alsoConcerned(id: string): Promise<string[]>;
  list(query: ChangeStoreQuery): Promise<StoredChangePage>;
  /** Epoch milliseconds of the database. */
  now(): Promise<number>;
}

/** Filters; newest first. */
export interface ChangeStoreQuery {
  entityRefs?: string[];
  states?: ChangeState[];
  by?: string;
  search?: string;
  /** Epoch milliseconds, inclusive and exclusive. */
  from?: number;
  to?: number;
  cursor?: string;
  limit: number;
  /** Only emergencies whose review is due. */
  isReviewDue?: true;
  /** Only changes that the portal made, or did not make. */
  origin?: 'portal' | 'outside';
  /** Only changes that go through Git and have one of these objects. */
  proposedFor?: readonly ObjectRef[];
}

export interface StoredChangePage {
  items: StoredChange[];
  nextCursor?: string;
}
