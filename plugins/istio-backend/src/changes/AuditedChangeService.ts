import type {
  AuditorService,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  bindIntent,
  type Change,
  type ChangeList,
  type ChangeListQuery,
  type ChangePreview,
  type PreviewRequest,
  type RevertRequest,
  type SubmitRequest,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { AuditLog, NewAuditEntry } from '../audit/types';
import { unrecordedRefusal } from '../audit/unrecordedRefusal';
import {
  ChangeRefusal,
  refusedState,
  type AttemptDetails,
} from './ChangeRefusal';
import { readRequester } from './readRequester';
import type {
  ChangeContext,
  ChangeService,
  ChangeStore,
  NewChange,
} from './types';

/** Options of {@link AuditedChangeService}. */
export interface AuditedChangeServiceOptions {
  service: ChangeService;
  store: Pick<ChangeStore, 'insert' | 'get'>;
  auditLog: Pick<AuditLog, 'append'>;
  auditor: AuditorService;
  userInfo: UserInfoService;
  logger: LoggerService;
}

/** What a person tried, as far as it is known without looking at anything. */
interface Try {
  eventId: string;
  /** Refused writes become entries of the Changes view; refused previews only of the log. */
  writes: boolean;
  /** Past approval and freezes. */
  isEmergency?: boolean;
  entityRef: string;
  intentType: string;
  reason: string;
  ticket?: string;
  details: AttemptDetails;
}

/**
 * Records refused and failed tries with who and why, and tells Backstage's own auditor of every
 * call. What succeeds is recorded by the service itself, before and after it happens.
 */
export class AuditedChangeService implements ChangeService {
  static create(options: AuditedChangeServiceOptions): AuditedChangeService {
    return new AuditedChangeService(options);
  }

  private constructor(private readonly options: AuditedChangeServiceOptions) {}

  preview(
    request: PreviewRequest,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    return this.observe(
      {
        eventId: 'change-preview',
        writes: false,
        entityRef: request.entityRef,
        intentType: request.intent.type,
        reason: '',
        details: { intent: request.intent },
      },
      context,
      () => this.options.service.preview(request, context),
    );
  }

  submit(request: SubmitRequest, context: ChangeContext): Promise<Change> {
    return this.observe(
      {
        eventId: 'change-submit',
        writes: true,
        isEmergency: request.breakGlass,
        entityRef: request.entityRef,
        intentType: request.intent.type,
        reason: request.reason,
        ticket: request.ticket,
        details: { intent: request.intent, planHash: request.planHash },
      },
      context,
      () => this.options.service.submit(request, context),
    );
  }

  async previewRevert(
    id: string,
    context: ChangeContext,
  ): Promise<ChangePreview> {
    return this.observe(
      await this.revertTry(id, {
        eventId: 'change-revert-preview',
        reason: '',
      }),
      context,
      () => this.options.service.previewRevert(id, context),
    );
  }

  async revert(
    id: string,
    request: RevertRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      {
        ...(await this.revertTry(id, {
          eventId: 'change-revert',
          reason: request.reason,
        })),
        writes: true,
        ticket: request.ticket,
      },
      context,
      () => this.options.service.revert(id, request, context),
    );
  }

  get(id: string, context: ChangeContext): Promise<Change> {
    return this.tell(
      { eventId: 'change-read', meta: { changeId: id } },
      context,
      () => this.options.service.get(id, context),
    );
  }

  list(query: ChangeListQuery, context: ChangeContext): Promise<ChangeList> {
    return this.tell(
      {
        eventId: 'change-read',
        meta: { entityRef: query.entityRef ?? '', queryType: 'list' },
      },
      context,
      () => this.options.service.list(query, context),
    );
  }

  private async revertTry(
    id: string,
    options: { eventId: string; reason: string },
  ): Promise<Try> {
    const original = await this.options.store.get(id);
    return {
      ...options,
      writes: false,
      entityRef: original?.entityRef ?? '',
      intentType: 'revert',
      details: {
        revertOf: id,
        title: original ? `revert of “${original.title}”` : undefined,
      },
    };
  }

  private async observe<T>(
    attempt: Try,
    context: ChangeContext,
    run: () => Promise<T>,
  ): Promise<T> {
    return this.tell(
      {
        eventId: attempt.eventId,
        severityLevel: severityOf(attempt),
        meta: { entityRef: attempt.entityRef, intentType: attempt.intentType },
      },
      context,
      async () => {
        try {
          return await run();
        } catch (error) {
          await this.recordRefusal(attempt, context, toError(error) as Error);
          throw error;
        }
      },
    );
  }

  private async tell<T>(
    options: {
      eventId: string;
      severityLevel?: Severity;
      meta: JsonObject;
    },
    { request }: ChangeContext,
    run: () => Promise<T>,
  ): Promise<T> {
    const event = await this.options.auditor.createEvent({
      ...options,
      ...(request ? { request } : {}),
    });
    try {
      const result = await run();
      await event.success();
      return result;
    } catch (error) {
      await event.fail({ error: toError(error) as Error });
      throw error;
    }
  }

  /** Throws where it cannot be recorded: a refusal that is told stands in the log. */
  private async recordRefusal(
    attempt: Try,
    { credentials }: ChangeContext,
    error: Error,
  ) {
    const { auditLog, store, userInfo, logger } = this.options;
    const id = ulid();
    const actor = credentials.principal.userEntityRef;
    const details =
      error instanceof ChangeRefusal
        ? { ...attempt.details, ...error.attempt }
        : attempt.details;
    const state = refusedState(error);
    const entry: NewAuditEntry = {
      opId: id,
      kind: state,
      occurredAt: Date.now(),
      actor,
      target: attempt.entityRef,
      payload: {
        tried: attempt.eventId,
        error: error.name,
        message: error.message,
        reason: attempt.reason,
        intent: details.intent,
        revertOf: details.revertOf,
        planHash: details.planHash,
      },
      event: { kind: state, text: error.message },
    };
    try {
      // Entities that this user cannot see get no row: their Changes view is not theirs to write to.
      if (!attempt.writes || error.name === 'NotFoundError') {
        await auditLog.append([entry]);
        return;
      }
      const requestedBy = await readRequester(userInfo, credentials);
      await store.insert({
        change: refusedChange({ id, attempt, details, state, requestedBy }),
        locks: [],
        entries: [entry],
      });
    } catch (failure) {
      logger.error(
        `A refused try of ${actor} on ${attempt.entityRef} could not be recorded`,
        toError(failure) as Error,
      );
      throw unrecordedRefusal(error);
    }
  }
}

type Severity = 'low' | 'medium' | 'high';

function severityOf({ writes, isEmergency }: Try): Severity {
  if (isEmergency) return 'high';
  return writes ? 'medium' : 'low';
}

/** The try as a closed change: nothing of it was sent. */
function refusedChange(options: {
  id: string;
  attempt: Try;
  details: AttemptDetails;
  state: NewChange['state'];
  requestedBy: NewChange['requestedBy'];
}): NewChange {
  const { id, attempt, details, state, requestedBy } = options;
  return {
    versions: [],
    operations: [],
    guardrails: [],
    actingUsers: {},
    entityRef: attempt.entityRef,
    ...details,
    id,
    state,
    requestedBy,
    title: details.title ?? titleOf(attempt),
    intentType: attempt.intentType,
    reason: attempt.reason,
    ticket: attempt.ticket,
  };
}

/** What was asked for, when nothing was computed from it. */
function titleOf({ details, intentType }: Try): string {
  if (!details.intent) {
    return intentType;
  }
  const { subject, description } = bindIntent(details.intent);
  return `${subject}: ${description}`;
}
