import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  AdoptRequest,
  ApprovalList,
  ApproveRequest,
  CancelRequest,
  Change,
  DeclineRequest,
  FinishRequest,
  ResolveRequest,
  ReviewRequest,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { AuditLog } from '../audit/types';
import { unrecordedRefusal } from '../audit/unrecordedRefusal';
import { refusedState } from './ChangeRefusal';
import type { ApprovalService, ChangeContext, ChangeStore } from './types';

/** Options of {@link AuditedApprovalService}. */
export interface AuditedApprovalServiceOptions {
  service: ApprovalService;
  store: Pick<ChangeStore, 'get'>;
  auditLog: Pick<AuditLog, 'append'>;
  auditor: AuditorService;
  logger: LoggerService;
}

interface Try {
  eventId: `change-${
    | 'adopt'
    | 'approve'
    | 'decline'
    | 'cancel'
    | 'review'
    | 'finish'
    | 'resolve'}`;
  id: string;
  request:
    | AdoptRequest
    | ApproveRequest
    | DeclineRequest
    | CancelRequest
    | FinishRequest
    | ResolveRequest
    | ReviewRequest;
}

/**
 * Records refused decisions with the change they were about, and tells Backstage's own auditor of
 * every call. Decisions that count are recorded by the service itself, with the state they make.
 */
export class AuditedApprovalService implements ApprovalService {
  static create(
    options: AuditedApprovalServiceOptions,
  ): AuditedApprovalService {
    return new AuditedApprovalService(options);
  }

  private constructor(
    private readonly options: AuditedApprovalServiceOptions,
  ) {}

  async list(context: ChangeContext): Promise<ApprovalList> {
    const event = await this.options.auditor.createEvent({
      eventId: 'approval-list',
      ...(context.request ? { request: context.request } : {}),
    });
    try {
      const found = await this.options.service.list(context);
      await event.success();
      return found;
    } catch (error) {
      await event.fail({ error: toError(error) as Error });
      throw error;
    }
  }

  approve(
    id: string,
    request: ApproveRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-approve', id, request },
      context,
      () => this.options.service.approve(id, request, context),
    );
  }

  decline(
    id: string,
    request: DeclineRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-decline', id, request },
      context,
      () => this.options.service.decline(id, request, context),
    );
  }

  cancel(
    id: string,
    request: CancelRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-cancel', id, request },
      context,
      () => this.options.service.cancel(id, request, context),
    );
  }

  adopt(
    id: string,
    request: AdoptRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe({ eventId: 'change-adopt', id, request }, context, () =>
      this.options.service.adopt(id, request, context),
    );
  }

  review(
    id: string,
    request: ReviewRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-review', id, request },
      context,
      () => this.options.service.review(id, request, context),
    );
  }

  finish(
    id: string,
    request: FinishRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-finish', id, request },
      context,
      () => this.options.service.finish(id, request, context),
    );
  }

  resolve(
    id: string,
    request: ResolveRequest,
    context: ChangeContext,
  ): Promise<Change> {
    return this.observe(
      { eventId: 'change-resolve', id, request },
      context,
      () => this.options.service.resolve(id, request, context),
    );
  }

  private async observe(
    attempt: Try,
    context: ChangeContext,
    run: () => Promise<Change>,
  ): Promise<Change> {
    const event = await this.options.auditor.createEvent({
      eventId: attempt.eventId,
      severityLevel: 'high',
      meta: { changeId: attempt.id },
      ...(context.request ? { request: context.request } : {}),
    });
    try {
      const change = await run();
      await event.success();
      return change;
    } catch (error) {
      await event.fail({ error: toError(error) as Error });
      await this.recordRefusal(attempt, context, toError(error) as Error);
      throw error;
    }
  }

  /**
   * An entry of the change's own story, without a step of it: nothing about the change is different. Throws
   * where it cannot be recorded.
   */
  private async recordRefusal(
    { eventId, id, request }: Try,
    { credentials }: ChangeContext,
    error: Error,
  ): Promise<void> {
    const { auditLog, store, logger } = this.options;
    const actor = credentials.principal.userEntityRef;
    try {
      const change = await store.get(id);
      await auditLog.append([
        {
          opId: change?.id ?? ulid(),
          kind: refusedState(error),
          occurredAt: Date.now(),
          actor,
          target: change?.entityRef ?? '',
          payload: {
            tried: eventId,
            error: error.name,
            message: error.message,
            ...request,
          },
        },
      ]);
    } catch (failure) {
      logger.error(
        `A refused decision of ${actor} about change ${id} could not be recorded`,
        toError(failure) as Error,
      );
      throw unrecordedRefusal(error);
    }
  }
}
