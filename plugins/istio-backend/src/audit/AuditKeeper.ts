import type { LoggerService } from '@backstage/backend-plugin-api';
import { AUDIT_TABLES } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import type { AnchorDelivery } from './AnchorDelivery';
import { AuditCheckpointer, InconsistentLog } from './AuditCheckpointer';
import type { AuditForwarder } from './forward/AuditForwarder';
import type { AuditRetention } from './AuditRetention';
import type { LegalHold } from './LegalHold';
import type { AuditLog } from './types';

/** How often the log is looked at. */
const LOOK_MS = 5_000;
/** Entries wait at most this long for a checkpoint. */
const PERIOD_MS = 60_000;
/** This many entries do not wait. */
const ENTRIES = 100;
/** How often old entries are looked for. */
const RETENTION_MS = 3_600_000;

/** Options of {@link AuditKeeper}. */
export interface AuditKeeperOptions {
  auditLog: Pick<AuditLog, 'append'>;
  checkpointer: AuditCheckpointer;
  delivery: AnchorDelivery;
  forwarder: Pick<AuditForwarder, 'forwardDue'>;
  hold: LegalHold;
  /** Why nothing may be taken out, as configured. */
  legalHold?: string;
  /** Absent: everything stays for ever. */
  retention?: AuditRetention;
  knex: Knex;
  logger: LoggerService;
}

/**
 * Looks after the log while the portal runs: a checkpoint every minute or hundred entries, its delivery,
 * and the forwarding of entries. Every replica runs one; rows of the database decide between them.
 */
export class AuditKeeper {
  static create(options: AuditKeeperOptions): AuditKeeper {
    return new AuditKeeper(options);
  }

  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private waitingSince?: number;
  private complaint?: string;
  private retainedAt = 0;
  private isSettled = false;

  private constructor(private readonly options: AuditKeeperOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), LOOK_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One look; while one is under way there is no second. */
  tick(): Promise<void> {
    this.running ??= this.look().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async look(): Promise<void> {
    const { checkpointer, delivery } = this.options;
    try {
      if (await this.isDue()) {
        await checkpointer.checkpoint();
        this.waitingSince = undefined;
      }
      this.complaint = undefined;
    } catch (error) {
      await this.complain(error as Error);
    }
    await this.retain();
    try {
      await delivery.deliverDue();
    } catch (error) {
      this.options.logger.error(
        'Checkpoints of the audit log could not be delivered',
        error as Error,
      );
    }
    try {
      await this.options.forwarder.forwardDue();
    } catch (error) {
      this.options.logger.error(
        'Entries of the audit log could not be forwarded',
        error as Error,
      );
    }
  }

  private async retain(): Promise<void> {
    const { hold, legalHold, retention, logger } = this.options;
    try {
      if (!this.isSettled) {
        await hold.settle(legalHold);
        this.isSettled = true;
      }
      if (!retention || Date.now() - this.retainedAt < RETENTION_MS) return;
      this.retainedAt = Date.now();
      const count = await retention.run();
      if (count > 0) {
        logger.info(`Retention took the details of ${count} audit entries out`);
      }
    } catch (error) {
      logger.error('Retention of the audit log failed', error as Error);
    }
  }

  private async isDue(): Promise<boolean> {
    const pending = await this.options.checkpointer.pending();
    if (pending === 0) {
      this.waitingSince = undefined;
      return false;
    }
    this.waitingSince ??= Date.now();
    return (
      pending < 0 ||
      pending >= ENTRIES ||
      Date.now() - this.waitingSince >= PERIOD_MS
    );
  }

  /** Once per cause; an inconsistency is an entry too, as long as the last one is not that already. */
  private async complain(error: Error): Promise<void> {
    if (this.complaint === error.message) return;
    this.complaint = error.message;
    this.options.logger.error(
      `No checkpoint of the audit log was written: ${error.message}`,
    );
    if (!(error instanceof InconsistentLog)) return;
    try {
      const last = await this.options
        .knex(AUDIT_TABLES.entry)
        .where('kind', 'checkpointRefused')
        .orderBy('seq', 'desc')
        .first('seq');
      const head = await this.options
        .knex(AUDIT_TABLES.head)
        .where('id', 1)
        .first('seq');
      if (last && Number(last.seq) === Number(head?.seq)) return;
      await this.options.auditLog.append([
        {
          opId: ulid(),
          kind: 'checkpointRefused',
          occurredAt: Date.now(),
          actor: 'system',
          target: 'audit:log',
          payload: { message: error.message },
        },
      ]);
    } catch (failure) {
      this.options.logger.error(
        'The audit log does not take entries any more',
        failure as Error,
      );
    }
  }
}
