import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  AUDIT_TABLES,
  parseCheckpoint,
  parseNote,
} from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { databaseNow, databaseNowPlus } from './databaseClock';
import type { AuditLog } from './types';

/** While one replica delivers, the others leave the row alone for this long. */
const CLAIM_SECONDS = 60;
const WAIT_AT_MOST_SECONDS = 3600;
const ROWS_AT_ONCE = 50;
/** Rows of this many checkpoints stay, to look at. */
const KEPT = 1000;

interface DeliveryRow {
  anchor: string;
  number: number | string;
  attempts: number;
}

/**
 * Brings checkpoints to the anchors, at least once and in order. A failure is an entry of the log and
 * an error in the portal's own log, once until it works again.
 */
export class AnchorDelivery {
  static create(options: {
    knex: Knex;
    auditLog: Pick<AuditLog, 'append'>;
    anchors: readonly AuditAnchor[];
    logger: LoggerService;
  }): AnchorDelivery {
    return new AnchorDelivery(options);
  }

  private constructor(
    private readonly options: {
      knex: Knex;
      auditLog: Pick<AuditLog, 'append'>;
      anchors: readonly AuditAnchor[];
      logger: LoggerService;
    },
  ) {}

  /** Delivers what is due; never throws for an anchor. */
  async deliverDue(): Promise<void> {
    for (const anchor of this.options.anchors) {
      const rows: DeliveryRow[] = await this.due(anchor.name)
        .orderBy('number')
        .limit(ROWS_AT_ONCE)
        .select('anchor', 'number', 'attempts');
      for (const row of rows) {
        if (!(await this.claim(row))) continue;
        // The rest waits too: an anchor sees checkpoints in order.
        if (!(await this.deliver(anchor, row))) break;
      }
    }
  }

  private due(anchor: string): Knex.QueryBuilder {
    const { knex } = this.options;
    return knex(AUDIT_TABLES.delivery)
      .where('anchor', anchor)
      .whereNull('delivered_at')
      .where('next_at', '<=', databaseNow(knex));
  }

  private async claim({ anchor, number }: DeliveryRow): Promise<boolean> {
    const matched = await this.due(anchor)
      .where('number', number)
      .update({
        next_at: databaseNowPlus(this.options.knex, CLAIM_SECONDS),
        attempts: this.options.knex.raw('attempts + 1'),
      });
    return Number(matched) > 0;
  }

  private async deliver(
    anchor: AuditAnchor,
    row: DeliveryRow,
  ): Promise<boolean> {
    const { knex, logger } = this.options;
    const mine = { anchor: row.anchor, number: row.number };
    try {
      await anchor.deliver(await this.read(Number(row.number)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const wait = Math.min(WAIT_AT_MOST_SECONDS, 5 * 2 ** row.attempts);
      await knex(AUDIT_TABLES.delivery)
        .where(mine)
        .update({
          error: message.slice(0, 500),
          next_at: databaseNowPlus(knex, wait),
        });
      logger.error(
        `The audit anchor '${anchor.name}' did not take checkpoint ${row.number}: ${message}`,
      );
      await this.recordState(anchor.name, 'anchorFailed', message);
      return false;
    }
    await knex(AUDIT_TABLES.delivery)
      .where(mine)
      .update({ delivered_at: databaseNow(knex), error: null });
    await knex(AUDIT_TABLES.delivery)
      .where('anchor', row.anchor)
      .whereNotNull('delivered_at')
      .where('number', '<=', Number(row.number) - KEPT)
      .delete();
    await this.recordState(anchor.name, 'anchorRestored', 'It works again');
    return true;
  }

  private async read(number: number) {
    const row = await this.options
      .knex(AUDIT_TABLES.checkpoint)
      .where('number', number)
      .first('size', 'note');
    const origin = parseCheckpoint(
      parseNote(row?.note ?? '')?.text ?? '',
    )?.origin;
    if (!row || origin === undefined) {
      throw new Error(`Checkpoint ${number} cannot be read; verify the log`);
    }
    return { origin, number, size: Number(row.size), note: String(row.note) };
  }

  /** Only when it is news. */
  private async recordState(
    anchor: string,
    kind: 'anchorFailed' | 'anchorRestored',
    message: string,
  ): Promise<void> {
    const target = `audit:anchor/${anchor}`;
    const last = await this.options
      .knex(AUDIT_TABLES.entry)
      .where('target', target)
      .orderBy('seq', 'desc')
      .first('kind');
    const isNews =
      kind === 'anchorFailed'
        ? last?.kind !== kind
        : last?.kind === 'anchorFailed';
    if (!isNews) return;
    await this.options.auditLog.append([
      {
        opId: ulid(),
        kind,
        occurredAt: Date.now(),
        actor: 'system',
        target,
        payload: { anchor, message },
      },
    ]);
  }
}
