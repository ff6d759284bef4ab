import { ulid } from 'ulid';
import type { AuditService } from './auditService';
import type { AuditLog } from './types';

/** Records what was read of the log, by whom. A reading that cannot be recorded is not answered. */
export class AuditedAuditService implements AuditService {
  static create(options: {
    service: AuditService;
    auditLog: Pick<AuditLog, 'append'>;
  }): AuditedAuditService {
    return new AuditedAuditService(options.service, options.auditLog);
  }

  private constructor(
    private readonly service: AuditService,
    private readonly auditLog: Pick<AuditLog, 'append'>,
  ) {}

  search: AuditService['search'] = async (query, context) => {
    const found = await this.service.search(query, context);
    await this.record(context, {
      query,
      found: found.items.map(({ seq }) => seq),
    });
    return found;
  };

  verify: AuditService['verify'] = async context => {
    const report = await this.service.verify(context);
    const { verdict, problemCount } = report;
    await this.record(context, { verification: { verdict, problemCount } });
    return report;
  };

  // These two write their own entries: in one transaction, and before the first byte.
  redact: AuditService['redact'] = (...args) => this.service.redact(...args);
  exportLog: AuditService['exportLog'] = (...args) =>
    this.service.exportLog(...args);

  private async record(
    { credentials }: Parameters<AuditService['search']>[1],
    payload: Record<string, unknown>,
  ): Promise<void> {
    await this.auditLog.append([
      {
        opId: ulid(),
        kind: 'auditRead',
        occurredAt: Date.now(),
        actor: credentials.principal.userEntityRef,
        target: 'audit:log',
        payload,
      },
    ]);
  }
}
