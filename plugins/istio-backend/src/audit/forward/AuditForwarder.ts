import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  AUDIT_TABLES,
  FullRow,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { toView } from '../AuditSearch';
import { withPayload } from '../DatabaseAuditLog';
import { databaseNow, databaseNowPlus } from '../databaseClock';
import type { AuditReceiver, ForwardedEntry } from './types';

const BATCH = 100;
/** Batches of one look: a receiver that is far behind does not keep the others waiting. */
const BATCHES = 20;
/** While one replica sends, the others leave the receiver alone for this long. */
const CLAIM_SECONDS = 60;
const WAIT_AT_MOST_SECONDS = 600;

/**
 * Sends every entry to each receiver, in order and at least once. What a receiver has taken is a row of
 * the database, moved on after it answered: a crash between the two sends the batch again. A receiver
 * that is new begins with the entries after it.
 */
export class AuditForwarder {
  static create(options: {
    knex: Knex;
    receivers: readonly AuditReceiver[];
    logger: LoggerService;
  }): AuditForwarder {
    return new AuditForwarder(options);
  }

  private constructor(
    private readonly options: {
      knex: Knex;
      receivers: readonly AuditReceiver[];
      logger: LoggerService;
    },
  ) {}

  /** Sends what is due; never throws for a receiver. */
  async forwardDue(): Promise<void> {
    await Promise.all(
      this.options.receivers.map(receiver => this.forward(receiver)),
    );
  }

  private async forward(receiver: AuditReceiver): Promise<void> {
    const { knex, logger } = this.options;
    const { name } = receiver;
    await this.begin(name);
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const from = await this.claim(name);
      if (from === undefined) return;
      const entries = await this.read(from);
      if (entries.length === 0) {
        await this.release(name, { attempts: 0, error: null });
        return;
      }
      try {
        await receiver.receive(entries);
      } catch (error) {
        await this.fail(name, error);
        logger.error(
          `The audit receiver '${name}' did not take entries ${
            entries[0].seq
          } to ${entries[entries.length - 1].seq}: ${messageOf(error)}`,
        );
        return;
      }
      await knex(AUDIT_TABLES.forward)
        .where({ receiver: name, seq: from })
        .update({
          seq: entries[entries.length - 1].seq,
          attempts: 0,
          error: null,
          next_at: databaseNow(knex),
        });
    }
  }

  private async begin(receiver: string): Promise<void> {
    const { knex } = this.options;
    const known = await knex(AUDIT_TABLES.forward)
      .where({ receiver })
      .first('seq');
    if (known) return;
    const head = await knex(AUDIT_TABLES.head).where('id', 1).first('seq');
    await knex(AUDIT_TABLES.forward)
      .insert({
        receiver,
        seq: Number(head?.seq ?? 0),
        next_at: databaseNow(knex),
      })
      .onConflict('receiver')
      .ignore();
  }

  /** Position after which to send; undefined when it is not due, or another replica is at it. */
  private async claim(receiver: string): Promise<number | undefined> {
    const { knex } = this.options;
    const matched = await knex(AUDIT_TABLES.forward)
      .where({ receiver })
      .where('next_at', '<=', databaseNow(knex))
      .update({ next_at: databaseNowPlus(knex, CLAIM_SECONDS) });
    if (Number(matched) === 0) return undefined;
    const row = await knex(AUDIT_TABLES.forward)
      .where({ receiver })
      .first('seq');
    return Number(row?.seq ?? 0);
  }

  private async read(after: number): Promise<ForwardedEntry[]> {
    const rows: FullRow[] = await withPayload(this.options.knex)
      .where('audit_entry.seq', '>', after)
      .orderBy('audit_entry.seq')
      .limit(BATCH);
    return rows.map(row => {
      const { isRemoved: _, ...entry } = toView(toLogEntry(row));
      return entry;
    });
  }

  private async fail(receiver: string, error: unknown): Promise<void> {
    const { knex } = this.options;
    const row = await knex(AUDIT_TABLES.forward)
      .where({ receiver })
      .first('attempts');
    const attempts = Number(row?.attempts ?? 0) + 1;
    await this.release(receiver, {
      attempts,
      error: messageOf(error).slice(0, 500),
      seconds: Math.min(WAIT_AT_MOST_SECONDS, 5 * 2 ** (attempts - 1)),
    });
  }

  private async release(
    receiver: string,
    options: { attempts: number; error: string | null; seconds?: number },
  ): Promise<void> {
    const { knex } = this.options;
    const { seconds = 0, ...state } = options;
    await knex(AUDIT_TABLES.forward)
      .where({ receiver })
      .update({ ...state, next_at: databaseNowPlus(knex, seconds) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
