import { AUDIT_TABLES, toLogEntry } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { withPayload } from './DatabaseAuditLog';
import { toAuditEntry } from './toAuditEntry';
import type { AuditLog } from './types';

const KINDS = ['legalHold', 'legalHoldReleased'];

/** Whether anything may be taken out of the log at all; the log itself says since when and why. */
export class LegalHold {
  static create(options: {
    knex: Knex;
    auditLog: Pick<AuditLog, 'append'>;
  }): LegalHold {
    return new LegalHold(options.knex, options.auditLog);
  }

  private constructor(
    private readonly knex: Knex,
    private readonly auditLog: Pick<AuditLog, 'append'>,
  ) {}

  /** Why nothing may be taken out; undefined when it may. */
  async reason(): Promise<string | undefined> {
    const row = await withPayload(this.knex)
      .whereIn('kind', KINDS)
      .orderBy('seq', 'desc')
      .first();
    if (row?.kind !== 'legalHold') return undefined;
    return String(toAuditEntry(toLogEntry(row)).payload.reason ?? '');
  }

  /** Records what the configuration says now, where it says something else than the log. */
  async settle(configured: string | undefined): Promise<void> {
    if ((await this.reason()) === configured) return;
    await this.auditLog.append([
      {
        opId: ulid(),
        kind: configured === undefined ? 'legalHoldReleased' : 'legalHold',
        occurredAt: Date.now(),
        actor: 'system',
        target: 'audit:log',
        payload: configured === undefined ? {} : { reason: configured },
      },
    ]);
  }

  /** Inside a transaction that takes something out: a hold placed meanwhile counts. */
  async isPlaced(transaction: Knex.Transaction): Promise<boolean> {
    const row = await transaction(AUDIT_TABLES.entry)
      .whereIn('kind', KINDS)
      .orderBy('seq', 'desc')
      .first('kind');
    return row?.kind === 'legalHold';
  }
}
