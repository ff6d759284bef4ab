import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import {
  openRequirements,
  transition,
  withDecision,
  type AdoptRequest,
  type ApprovalList,
  type ApproveRequest,
  type CancelRequest,
  type Change,
  type ChangeApproval,
  type ChangeState,
  type DeclineRequest,
  type FinishRequest,
  type ResolveRequest,
  type ReviewRequest,
} from '@istio-backstage/plugin-istio-common';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import type { NewAuditEntry } from '../audit/types';
import type { Adoption } from './Adoption';
import type { ApprovalQueue } from './ApprovalQueue';
import type { ApproverDirectory } from './ApproverDirectory';
import type { ChangeNotifier } from './ChangeNotifier';
import type { ChangePresenter } from './ChangePresenter';
import type { ChangeRepair } from './ChangeRepair';
import type { ChangeSettler } from './ChangeSettler';
import type { ChangeStarter } from './ChangeStarter';
import { nameObject, shortName } from './changeWords';
import type { EmergencyReview } from './EmergencyReview';
import { isBaseMoved } from './isBaseMoved';
import type { ProposalKeeper } from './proposals/ProposalKeeper';
import type {
  ApprovalService,
  ChangeContext,
  ChangeStore,
  StoredChange,
} from './types';

/** Options of {@link DefaultApprovalService}. */
export interface DefaultApprovalServiceOptions {
  store: ChangeStore;
  starter: ChangeStarter;
  repair: ChangeRepair;
  proposals: Pick<ProposalKeeper, 'withdraw'>;
  queue: ApprovalQueue;
  emergencies: EmergencyReview;
  adoption: Adoption;
  settler: ChangeSettler;
  presenter: ChangePresenter;
  directory: ApproverDirectory;
  notifier: ChangeNotifier;
  writer: Pick<MeshWriter, 'read'>;
  /** Groups and people that may approve whatever a guardrail asks for. */
  approvers: readonly string[];
  now: () => number;
}

/** A decision with what it makes of the change. */
interface Decided {
  change: StoredChange;
  by: string;
  kind: 'approved' | 'declined' | 'cancelled';
  words: string;
  reason?: string;
  approval?: ChangeApproval;
  to?: ChangeState;
}

/** {@link ApprovalService} without permission and the audit of refusals, which are decorators around it. */
export class DefaultApprovalService implements ApprovalService {
  static create(
    options: DefaultApprovalServiceOptions,
  ): DefaultApprovalService {
    return new DefaultApprovalService(options);
  }

  private constructor(
    private readonly options: DefaultApprovalServiceOptions,
  ) {}

  list(context: ChangeContext): Promise<ApprovalList> {
    return this.options.queue.list(context);
  }

  async adopt(
    id: string,
    request: AdoptRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const { userEntityRef } = credentials.principal;
    await this.options.adoption.adopt(
      await this.find(id),
      request,
      userEntityRef,
    );
    return this.show(id);
  }

  async review(
    id: string,
    request: ReviewRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const change = await this.find(id);
    await this.options.emergencies.review(change, request, credentials);
    return this.show(id);
  }

  async approve(
    id: string,
    request: ApproveRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const { now } = this.options;
    const { change, approval } = await this.waitingForApproval(id);
    if (approval.hash !== request.approvalHash) {
      throw new ConflictError(
        'The change is not the one that was looked at. Nothing was approved',
      );
    }
    const countsFor = await this.requireApprover(
      { change, approval },
      credentials,
    );
    await this.requireBase(change);
    const by = credentials.principal.userEntityRef;
    const next = withDecision(approval, {
      by,
      decision: 'approved',
      reason: request.reason,
      at: new Date(now()).toISOString(),
      countsFor,
    });
    const complete = openRequirements(next).length === 0;
    await this.decide({
      change,
      by,
      kind: 'approved',
      words: complete ? 'Approved' : 'Approved in part',
      reason: request.reason,
      approval: next,
      to: complete ? transition(change.state, 'approved') : undefined,
    });
    if (complete) {
      await this.startIfDue(id);
    }
    return this.show(id);
  }

  async decline(
    id: string,
    { reason }: DeclineRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const { now } = this.options;
    const { change, approval } = await this.waitingForApproval(id);
    await this.requireApprover({ change, approval }, credentials);
    const by = credentials.principal.userEntityRef;
    await this.decide({
      change,
      by,
      kind: 'declined',
      words: 'Declined',
      reason,
      approval: withDecision(approval, {
        by,
        decision: 'declined',
        reason,
        at: new Date(now()).toISOString(),
        countsFor: [],
      }),
      to: transition(change.state, 'declined'),
    });
    return this.show(id);
  }

  async cancel(
    id: string,
    { reason }: CancelRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const change = await this.find(id);
    const to = transition(change.state, 'cancelled');
    if (!to) {
      throw new ConflictError('It does not wait any more');
    }
    await this.options.proposals.withdraw(change).catch(error => {
      throw new ServiceUnavailableError(
        `The proposal could not be closed, so the change is not cancelled: ${
          toError(error).message
        }`,
      );
    });
    const by = credentials.principal.userEntityRef;
    await this.decide({
      change,
      by,
      kind: 'cancelled',
      words: 'Cancelled',
      reason,
      to,
    });
    return this.show(id);
  }

  async finish(
    id: string,
    request: FinishRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const { userEntityRef } = credentials.principal;
    const change = await this.find(id);
    await this.options.repair.finish(change, request, userEntityRef);
    return this.show(id);
  }

  async resolve(
    id: string,
    request: ResolveRequest,
    { credentials }: ChangeContext,
  ): Promise<Change> {
    const { userEntityRef } = credentials.principal;
    const change = await this.find(id);
    await this.options.repair.resolve(change, request, userEntityRef);
    return this.show(id);
  }

  /** The requirements that this person's word counts for; throws NotAllowedError where it counts for none. */
  private async requireApprover(
    { change, approval }: { change: StoredChange; approval: ChangeApproval },
    credentials: ChangeContext['credentials'],
  ) {
    const { directory, approvers } = this.options;
    const verdict = await directory.judge({
      change,
      approval,
      approvers,
      credentials,
    });
    if (!verdict.may) {
      throw new NotAllowedError(verdict.why);
    }
    return verdict.countsFor;
  }

  /** Approval is for the objects as they were: with another base there is nothing left to approve. */
  private async requireBase(change: StoredChange): Promise<void> {
    const { writer, starter } = this.options;
    for (const operation of change.plan?.operations ?? []) {
      let moved: boolean;
      try {
        moved = isBaseMoved(operation, await writer.read(operation.object));
      } catch (error) {
        throw new ServiceUnavailableError(
          `${toError(error).message}. Whether ${nameObject(
            operation.object,
          )} is as it was cannot be told, so nothing was approved`,
        );
      }
      if (moved) {
        const text = `${nameObject(operation.object)} changed since`;
        await starter.end(change, 'superseded', text);
        throw new ConflictError(
          `${text}, so there is nothing left to approve. A new preview is needed`,
        );
      }
    }
  }

  private async decide(decided: Decided): Promise<void> {
    const { store, settler, notifier, now } = this.options;
    const { change, by, kind, words, reason, approval, to } = decided;
    const entry: NewAuditEntry = {
      opId: change.id,
      kind,
      occurredAt: now(),
      actor: by,
      target: change.entityRef,
      payload: { reason, approvalHash: change.approval?.hash, approval },
      event: { kind, text: `${words} by ${shortName(by)}` },
    };
    const ends = to !== undefined && to !== 'scheduled';
    const matched = await store.update({
      id: change.id,
      from: [change.state],
      to,
      approval,
      operations: ends
        ? change.operations.map(operation => ({
            ...operation,
            outcome: 'notSent',
            auditId: undefined,
          }))
        : undefined,
      entries: [entry],
    });
    if (!matched) {
      throw new ConflictError(
        'Somebody else decided meanwhile. Look again before you decide',
      );
    }
    await settler.settled(change.id);
    if (by !== change.requestedBy.entityRef) {
      await notifier.decided(change, { by, words, reason });
    }
  }

  private async startIfDue(id: string): Promise<void> {
    const { store, starter } = this.options;
    const change = await store.get(id);
    const isDue =
      change?.state === 'scheduled' &&
      (change.applyAt === undefined || change.applyAt <= (await store.now()));
    if (change && isDue) {
      await starter.start(change);
    }
  }

  private async waitingForApproval(
    id: string,
  ): Promise<{ change: StoredChange; approval: ChangeApproval }> {
    const change = await this.find(id);
    if (change.state !== 'awaitingApproval' || !change.approval) {
      throw new ConflictError('It does not wait for approval any more');
    }
    return { change, approval: change.approval };
  }

  private async find(id: string): Promise<StoredChange> {
    const change = await this.options.store.get(id);
    if (!change) {
      throw new NotFoundError(`There is no change ${id}`);
    }
    return change;
  }

  private async show(id: string): Promise<Change> {
    return (await this.options.presenter.present([await this.find(id)]))[0];
  }
}
