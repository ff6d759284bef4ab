import type {
  AuditorService,
  AuditorServiceEventSeverityLevel,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type {
  AuditEntryKind,
  AuditList,
  AuditListQuery,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { AuditContext, AuditService } from './auditService';
import type { AuditLog } from './types';
import { unrecordedRefusal } from './unrecordedRefusal';

/** Of Backstage's own auditor, which hears of every call. */
const SEVERITIES: Record<string, AuditorServiceEventSeverityLevel> = {
  export: 'medium',
  'evidence pack': 'medium',
  redaction: 'high',
};

/** An {@link AuditService} that tells how many entries the reader may not see. */
export interface JudgingAuditService extends AuditService {
  search(
    query: AuditListQuery,
    context: AuditContext,
  ): Promise<AuditList & { withheld: number }>;
}

/**
 * Records what was read of the log, by whom, and what was refused. A reading that cannot be recorded is
 * not answered.
 */
export class AuditedAuditService implements AuditService {
  static create(options: {
    service: JudgingAuditService;
    auditLog: Pick<AuditLog, 'append'>;
    auditor: AuditorService;
    logger: LoggerService;
  }): AuditedAuditService {
    return new AuditedAuditService(options);
  }

  private constructor(
    private readonly options: {
      service: JudgingAuditService;
      auditLog: Pick<AuditLog, 'append'>;
      auditor: AuditorService;
      logger: LoggerService;
    },
  ) {}

  search: AuditService['search'] = async (query, context) => {
    const { withheld, ...list } = await this.telling(
      { tried: 'search', query },
      context,
      () => this.options.service.search(query, context),
    );
    await this.record('auditRead', context, {
      query,
      found: list.items.map(({ seq }) => seq),
      ...(withheld > 0 ? { withheld } : {}),
    });
    return list;
  };

  // It shows no entry.
  coverage: AuditService['coverage'] = context =>
    this.options.service.coverage(context);

  verify: AuditService['verify'] = async context => {
    const report = await this.telling({ tried: 'verification' }, context, () =>
      this.options.service.verify(context),
    );
    const { verdict, problemCount } = report;
    await this.record('auditRead', context, {
      verification: { verdict, problemCount },
    });
    return report;
  };

  // These write their own entries: in one transaction, and before the first byte.
  redact: AuditService['redact'] = (seq, request, context) =>
    this.telling({ tried: 'redaction', seq }, context, () =>
      this.options.service.redact(seq, request, context),
    );

  exportLog: AuditService['exportLog'] = (query, context) =>
    this.telling({ tried: 'export', query }, context, () =>
      this.options.service.exportLog(query, context),
    );

  makePack: AuditService['makePack'] = (query, context) =>
    this.telling({ tried: 'evidence pack', query }, context, () =>
      this.options.service.makePack(query, context),
    );

  private async telling<T>(
    attempt: Record<string, unknown>,
    context: AuditContext,
    run: () => Promise<T>,
  ): Promise<T> {
    const tried = String(attempt.tried);
    const event = await this.options.auditor.createEvent({
      eventId: `audit-${tried.replaceAll(' ', '-')}`,
      severityLevel: SEVERITIES[tried] ?? 'low',
      ...(context.request ? { request: context.request } : {}),
    });
    try {
      const result = await run();
      await event.success();
      return result;
    } catch (error) {
      await event.fail({ error: error as Error });
      if (error instanceof Error && error.name === 'NotAllowedError') {
        await this.recordRefusal(context, attempt, error);
      }
      throw error;
    }
  }

  /** Throws where it cannot be recorded. */
  private async recordRefusal(
    context: AuditContext,
    attempt: Record<string, unknown>,
    refusal: Error,
  ): Promise<void> {
    try {
      await this.record('auditRefused', context, {
        ...attempt,
        message: refusal.message,
      });
    } catch (error) {
      this.options.logger.error(
        `A refused reading of the audit log by ${context.credentials.principal.userEntityRef} could not be recorded`,
        error as Error,
      );
      throw unrecordedRefusal(refusal);
    }
  }

  private async record(
    kind: AuditEntryKind,
    { credentials }: AuditContext,
    payload: Record<string, unknown>,
  ): Promise<void> {
    await this.options.auditLog.append([
      {
        opId: ulid(),
        kind,
        occurredAt: Date.now(),
        actor: credentials.principal.userEntityRef,
        target: 'audit:log',
        payload,
      },
    ]);
  }
}
