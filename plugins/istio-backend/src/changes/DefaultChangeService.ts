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
import type {
  Change,
  ChangeList,
  ChangeListQuery,
  ChangePreview,
  PreviewRequest,
  RevertRequest,
  SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { ulid } from 'ulid';
import type { AuditLog } from '../audit/types';
import { buildIntentRecord } from './buildIntentRecord';
import type { ChangeApplier } from './ChangeApplier';
import type { ChangeDraft, ChangeDrafter } from './ChangeDrafter';
import type { ChangePreflight, PreflightResult } from './ChangePreflight';
import { ChangeRefusal } from './ChangeRefusal';
import type { ChangeSettler } from './ChangeSettler';
import { presentChange } from './presentChange';
import { presentPreview } from './presentPreview';
import { readRequester } from './readRequester';
import { submitOnce } from './submitOnce';
import { lockKeyOf } from './objectLocks';
import type {
  ChangeContext,
  ChangeService,
  ChangeStore,
  NewChange,
  StoredChange,
} from './types';

/** Options of {@link DefaultChangeService}. */
export interface DefaultChangeServiceOptions {
  drafter: ChangeDrafter;
  preflight: ChangePreflight;
  applier: ChangeApplier;
  settler: ChangeSettler;
  store: ChangeStore;
  auditLog: AuditLog;
  reader: MeshReader;
  userInfo: UserInfoService;
  logger: LoggerService;
  owner: string;
  leaseSeconds: number;
  now: () => number;
}

/** Why and with which plan. */
interface Submission {
  reason: string;
  ticket?: string;
  planHash: string;
  idempotencyKey?: string;
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
    return this.previewDraft(
      await this.options.drafter.draftIntent(request, context.credentials),
      context,
    );
  }

  async submit(
    request: SubmitRequest,
    context: ChangeContext,
  ): Promise<Change> {
    const { drafter, store } = this.options;
    return submitOnce({
      store,
      request,
      by: context.credentials.principal.userEntityRef,
      submit: async () =>
        this.submitDraft(
          await drafter.draftIntent(request, context.credentials),
          request,
          context,
        ),
      present: async change => (await this.present([change]))[0],
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
    return (await this.present([change]))[0];
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
      items: await this.present(page.items),
      nextCursor: page.nextCursor,
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
    const [{ revert }] = await this.present([change]);
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
    const checked = await this.options.preflight.run({
      plan: draft.plan,
      changeId: ulid(),
      changedBy: credentials.principal.userEntityRef,
      actingUsers: draft.actingUsers,
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
    const stop = stopOf(draft);
    if (stop) {
      throw refuse(new NotAllowedError(stop));
    }
    const checked = await this.options.preflight.run({
      plan: draft.plan,
      changeId: id,
      changedBy: context.credentials.principal.userEntityRef,
      actingUsers: draft.actingUsers,
    });
    const error = errorOf(checked);
    if (error) {
      throw refuse(error);
    }
    await this.record(change, { draft, checked, context });
    await this.apply(id);
    return this.get(id);
  }

  private async newChange(
    id: string,
    draft: ChangeDraft,
    { reason, ticket, idempotencyKey }: Submission,
    { credentials }: ChangeContext,
  ): Promise<NewChange> {
    return {
      id,
      entityRef: draft.entityRef,
      intentType: draft.intentType,
      intent: draft.intent,
      title: draft.title,
      state: 'applying',
      requestedBy: await readRequester(this.options.userInfo, credentials),
      actingUsers: draft.actingUsers,
      reason,
      ticket,
      planHash: draft.plan.hash,
      idempotencyKey,
      plan: draft.plan,
      versions: draft.assessment.versions,
      guardrails: draft.guardrails,
      revertOf: draft.revertOf,
      operations: draft.plan.operations.map(
        ({ index, object, action, diff }) => ({
          index,
          object,
          action,
          diff,
          outcome: 'pending',
          auditId: ulid(),
        }),
      ),
    };
  }

  /** Nothing is sent before this is committed. */
  private async record(
    change: NewChange,
    options: {
      draft: ChangeDraft;
      checked: PreflightResult;
      context: ChangeContext;
    },
  ): Promise<void> {
    const { store, owner, leaseSeconds, logger, now } = this.options;
    let answer: Awaited<ReturnType<ChangeStore['insert']>>;
    try {
      answer = await store.insert({
        change,
        locks: change.operations.map(({ object }) => lockKeyOf(object)),
        lease: { owner, seconds: leaseSeconds },
        entries: [buildIntentRecord({ change, ...options, at: now() })],
      });
    } catch (error) {
      logger.error(
        `Change ${change.id} could not be recorded; nothing was sent`,
        toError(error) as Error,
      );
      throw new ServiceUnavailableError(
        'The change could not be recorded, so nothing was sent',
      );
    }
    if (answer.locked) {
      throw new ChangeRefusal(
        new ConflictError(
          `Another change (${answer.locked.changeId}) is being applied to the same object. Nothing was sent`,
        ),
        attemptOf(change),
      );
    }
  }

  /** From here on the record tells what happened; an error of ours must not look like a refusal. */
  private async apply(id: string): Promise<void> {
    const { store, applier, settler, logger } = this.options;
    try {
      const stored = await store.get(id);
      if (stored) {
        await applier.apply(stored);
        await settler.settled(id);
      }
    } catch (error) {
      logger.error(
        `Change ${id} was not carried through; recovery will look at its objects`,
        toError(error) as Error,
      );
    }
  }

  private async present(changes: StoredChange[]): Promise<Change[]> {
    const events = await this.options.auditLog.events(
      changes.map(({ id }) => id),
    );
    return changes.map(change =>
      presentChange({
        change,
        events: events.get(change.id) ?? [],
        reader: this.options.reader,
      }),
    );
  }
}

/** Why the change may not go out whatever the clusters say. */
function stopOf(draft: ChangeDraft): string | undefined {
  const [problem] = draft.identityProblems;
  return (
    problem ??
    draft.guardrails.find(({ verdict }) => verdict === 'deny')?.text ??
    draft.guardrails.find(({ verdict }) => verdict === 'needsApproval')?.text
  );
}

/** The gravest of what the clusters said. */
function errorOf({ refusals }: PreflightResult): Error | undefined {
  const textOf = (kind: string) =>
    refusals.find(refusal => refusal.kind === kind)?.text;
  const denied = textOf('denied');
  if (denied) {
    return new NotAllowedError(denied);
  }
  const conflict = textOf('conflict');
  if (conflict) {
    return new ConflictError(conflict);
  }
  const failed = textOf('failed');
  if (failed) {
    return new InputError(`intent: the dry run was refused. ${failed}`);
  }
  const unavailable = textOf('unavailable');
  return unavailable
    ? new ServiceUnavailableError(`${unavailable}. Nothing was sent`)
    : undefined;
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
