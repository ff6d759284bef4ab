import type {
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import {
  passOver,
  type Change,
  type ChangeList,
  type ChangeListQuery,
  type ChangePreview,
  type PreviewRequest,
  type RevertRequest,
  type SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { ApprovalDesk } from './ApprovalDesk';
import { buildIntentRecord } from './buildIntentRecord';
import type { ChangeDraft, ChangeDrafter } from './ChangeDrafter';
import type { ChangePreflight, PreflightResult } from './ChangePreflight';
import type { ChangePresenter } from './ChangePresenter';
import { ChangeRefusal } from './ChangeRefusal';
import type { ChangeStarter } from './ChangeStarter';
import type { FreezeCalendar } from './FreezeCalendar';
import { presentPreview } from './presentPreview';
import type { ProposalKeeper } from './proposals/ProposalKeeper';
import { readRequester } from './readRequester';
import { submitOnce } from './submitOnce';
import { errorOfRefusals } from './errorOfRefusals';
import { checkDraft } from './checkDraft';
import { findTimeProblem } from './findTimeProblem';
import { notSent, toBeSent } from './newOperations';
import { lockKeyOf } from './objectLocks';
import type {
  ChangeContext,
  ChangeService,
  ChangeStore,
  NewChange,
} from './types';

/** Options of {@link DefaultChangeService}. */
export interface DefaultChangeServiceOptions {
  drafter: ChangeDrafter;
  freezes: FreezeCalendar;
  preflight: ChangePreflight;
  starter: ChangeStarter;
  /** Brings changes on their way that go through Git. */
  proposals: Pick<ProposalKeeper, 'advance'>;
  /** Where changes go that other people have to approve. */
  desk: ApprovalDesk;
  presenter: ChangePresenter;
  store: ChangeStore;
  userInfo: UserInfoService;
  logger: LoggerService;
  owner: string;
  leaseSeconds: number;
  /** Within which time an emergency is reviewed. */
  reviewSeconds: number;
  now: () => number;
}

/** Why and with which plan. */
interface Submission {
  reason: string;
  ticket?: string;
  planHash: string;
  idempotencyKey?: string;
  /** ISO times. */
  applyAt?: string;
  expiresAt?: string;
  breakGlass?: boolean;
}

/**
 * {@link ChangeService} without permission and audit of refusals, which are decorators around it.
 * Refusals are thrown as {@link ChangeRefusal}, with what was tried.
 */
export class DefaultChangeService implements ChangeService {
  static create(options: DefaultChangeServiceOptions): DefaultChangeService {
    return new DefaultChangeService(options);
  }

  private constructor(private readonly options: DefaultChangeServiceOptions) {}

  async preview(
    request: PreviewRequest,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    return this.previewDraft(await this.draftIntent(request, context), context);
  }

  async submit(
    request: SubmitRequest,
    context: ChangeContext,
  ): Promise<Change> {
    const { store } = this.options;
    return submitOnce({
      store,
      request,
      by: context.credentials.principal.userEntityRef,
      submit: async () =>
        this.submitDraft(
          await this.draftIntent(request, context),
          request,
          context,
        ),
      present: async change =>
        (await this.options.presenter.present([change]))[0],
    });
  }

  async previewRevert(
    id: string,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    return this.previewDraft(await this.draftRevert(id, context), context);
  }

  async revert(
    id: string,
    request: RevertRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.submitDraft(
      await this.draftRevert(id, context),
      request,
      context,
    );
  }

  async get(id: string): Promise<Change> {
    const change = await this.options.store.get(id);
    if (!change) {
      throw new NotFoundError(`There is no change ${id}`);
    }
    return (await this.options.presenter.present([change]))[0];
  }

  async list(query: ChangeListQuery): Promise<ChangeList> {
    const { entityRef, state, from, to, ...rest } = query;
    const page = await this.options.store.list({
      ...rest,
      entityRefs: entityRef === undefined ? undefined : [entityRef],
      states: state && [state],
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
    });
    return {
      items: await this.options.presenter.present(page.items),
      nextCursor: page.nextCursor,
    };
  }

  /** With the freezes of the time it is for; a way back is never frozen. */
  private async draftIntent(
    request: PreviewRequest,
    { credentials }: ChangeContext,
  ): Promise<ChangeDraft> {
    const { drafter, freezes, store } = this.options;
    const draft = await drafter.draftIntent(request, credentials);
    const at = request.applyAt
      ? Date.parse(request.applyAt)
      : await store.now();
    const guardrails = [
      ...draft.guardrails,
      ...freezes.judge(
        at,
        draft.plan.operations.map(({ object }) => object),
      ),
    ];
    return {
      ...draft,
      guardrails: request.breakGlass ? passOver(guardrails) : guardrails,
    };
  }

  private async draftRevert(
    id: string,
    { credentials }: ChangeContext,
  ): Promise<ChangeDraft> {
    const change = await this.options.store.get(id);
    if (!change) {
      throw new NotFoundError(`There is no change ${id}`);
    }
    const [{ revert }] = await this.options.presenter.present([change]);
    if (!revert.possible) {
      throw new ConflictError(
        `“${change.title}” cannot be reverted: ${revert.why}`,
      );
    }
    return this.options.drafter.draftRevert(change, credentials);
  }

  private async previewDraft(
    draft: ChangeDraft,
    { credentials }: ChangeContext,
  ): Promise<ChangePreview> {
    const checked = await checkDraft(this.options.preflight, draft, {
      changeId: ulid(),
      changedBy: credentials.principal.userEntityRef,
    });
    return presentPreview({ draft, checked, at: this.options.now() });
  }

  private async submitDraft(
    draft: ChangeDraft,
    submission: Submission,
    context: ChangeContext,
  ): Promise<Change> {
    const id = ulid();
    const change = await this.newChange(id, draft, submission, context);
    const refuse = (error: Error) =>
      new ChangeRefusal(error, attemptOf(change));
    if (draft.plan.hash !== submission.planHash) {
      throw refuse(
        new ConflictError(
          'The route changed since you looked, so the plan is not the one that was previewed. Nothing was sent',
        ),
      );
    }
    if (draft.plan.operations.length === 0) {
      throw refuse(
        new InputError('intent: it is so already, nothing would change'),
      );
    }
    const problem = findTimeProblem(change, await this.options.store.now());
    if (problem) {
      throw refuse(new InputError(problem));
    }
    const stop = stopOf(draft);
    if (stop) {
      throw refuse(new NotAllowedError(stop));
    }
    const checked = await checkDraft(this.options.preflight, draft, {
      changeId: id,
      changedBy: context.credentials.principal.userEntityRef,
    });
    const error = errorOfRefusals(checked);
    if (error) {
      throw refuse(error);
    }
    if (this.options.desk.isNeededFor(change)) {
      await this.recorded(change, () =>
        this.options.desk.queue({ change, draft, checked, context }),
      );
      return this.get(id);
    }
    const { plan: _, ...preview } = presentPreview({
      draft,
      checked,
      at: this.options.now(),
    });
    // Who reviews an emergency, or the proposal, sees what was seen then.
    const keepsPreview = change.breakGlass || change.proposal;
    await this.record(keepsPreview ? { ...change, preview } : change, {
      checked,
      context,
    });
    await this.carryOn(change);
    return this.get(id);
  }

  private async carryOn({ id, proposal }: NewChange): Promise<void> {
    const { proposals, starter } = this.options;
    await (proposal ? proposals.advance(id) : starter.carryThrough(id));
  }

  private async newChange(
    id: string,
    draft: ChangeDraft,
    {
      reason,
      ticket,
      idempotencyKey,
      applyAt,
      expiresAt,
      breakGlass,
    }: Submission,
    { credentials }: ChangeContext,
  ): Promise<NewChange> {
    const { store, reviewSeconds } = this.options;
    return {
      id,
      entityRef: draft.entityRef,
      intentType: draft.intentType,
      intent: draft.intent,
      title: draft.title,
      state: draft.proposal ? 'proposed' : 'applying',
      proposal: draft.proposal,
      requestedBy: await readRequester(this.options.userInfo, credentials),
      actingUsers: draft.actingUsers,
      reason,
      ticket,
      applyAt: applyAt === undefined ? undefined : Date.parse(applyAt),
      expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
      breakGlass: breakGlass
        ? { reviewBy: (await store.now()) + reviewSeconds * 1000 }
        : undefined,
      planHash: draft.plan.hash,
      idempotencyKey,
      plan: draft.plan,
      versions: draft.assessment.versions,
      guardrails: draft.guardrails,
      revertOf: draft.revertOf,
      operations: draft.plan.operations.map(operation =>
        draft.proposal ? notSent(operation) : toBeSent(operation),
      ),
    };
  }

  /** Nothing is sent before this is committed. */
  private async record(
    change: NewChange,
    options: { checked: PreflightResult; context: ChangeContext },
  ): Promise<void> {
    const { store, owner, leaseSeconds, now } = this.options;
    const answer = await this.recorded(change, () =>
      store.insert({
        change,
        // A proposal may be open for days; the Git host tells when two are in each other's way.
        locks: change.proposal
          ? []
          : change.operations.map(({ object }) => lockKeyOf(object)),
        lease: { owner, seconds: leaseSeconds },
        entries: [
          buildIntentRecord({
            change,
            dryRun: options.checked.dryRun,
            address: options.context.request?.ip,
            at: now(),
          }),
        ],
      }),
    );
    if (answer.locked) {
      throw new ChangeRefusal(
        new ConflictError(
          `Another change (${answer.locked.changeId}) is being applied to the same object. Nothing was sent`,
        ),
        attemptOf(change),
      );
    }
  }

  private async recorded<T>(
    change: NewChange,
    write: () => Promise<T>,
  ): Promise<T> {
    try {
      return await write();
    } catch (error) {
      this.options.logger.error(
        `Change ${change.id} could not be recorded; nothing was sent`,
        toError(error) as Error,
      );
      throw new ServiceUnavailableError(
        'The change could not be recorded, so nothing was sent',
      );
    }
  }
}

/** Why the change may not go out whatever the clusters say. */
function stopOf(draft: ChangeDraft): string | undefined {
  const [problem] = draft.proposal ? [] : draft.identityProblems;
  return (
    problem ?? draft.guardrails.find(({ verdict }) => verdict === 'deny')?.text
  );
}

/** The try as the record shows it: nothing was sent for any object. */
function attemptOf(change: NewChange) {
  return {
    ...change,
    idempotencyKey: undefined,
    operations: change.operations.map(operation => ({
      ...operation,
      auditId: undefined,
      outcome: 'notSent' as const,
    })),
  };
}
