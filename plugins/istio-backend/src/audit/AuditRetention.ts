import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AUDIT_ENTRY_KINDS,
  AUDIT_TABLES,
  AuditEntryKind,
  ExportVerifier,
  formatLogRange,
  LASTING_KINDS,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import type { AuditCheckpointer } from './AuditCheckpointer';
import type { AuditExporter } from './AuditExporter';
import { databaseNow } from './databaseClock';
import type { LegalHold } from './LegalHold';
import { nodeDigest } from './nodeDigest';
import { deleteSearchTerms } from './searchIndex';
import type { TransactionalAuditLog } from './types';

/** `istio.audit.retention`. */
export interface RetentionConfig {
  /** For kinds that `kinds` does not name. */
  days: number;
  kinds: Partial<Record<AuditEntryKind, number>>;
  /** Folder that what goes is written to first. */
  archive?: string;
}

/** Payloads of one transaction. */
const ROWS_AT_ONCE = 2000;
const DAY_MS = 86_400_000;

/** Options of {@link AuditRetention}. */
export interface AuditRetentionOptions {
  knex: Knex;
  auditLog: TransactionalAuditLog;
  checkpointer: Pick<AuditCheckpointer, 'last'>;
  exporter: Pick<AuditExporter, 'exportRange'>;
  hold: LegalHold;
  config: RetentionConfig;
}

/**
 * Takes the details of old entries out, once a checkpoint covers them and, where there is an archive,
 * once what was written there was verified. Headers, hashes and checkpoints stay for ever.
 */
export class AuditRetention {
  static create(options: AuditRetentionOptions): AuditRetention {
    return new AuditRetention(options);
  }

  private constructor(private readonly options: AuditRetentionOptions) {}

  /** Number of payloads taken out. */
  async run(): Promise<number> {
    let count = 0;
    for (const [days, kinds] of this.kindsByDays()) {
      for (;;) {
        const removed = await this.purge(days, kinds);
        count += removed;
        if (removed < ROWS_AT_ONCE) break;
      }
    }
    return count;
  }

  private kindsByDays(): Map<number, AuditEntryKind[]> {
    const { days, kinds } = this.options.config;
    const groups = new Map<number, AuditEntryKind[]>();
    for (const kind of AUDIT_ENTRY_KINDS) {
      if (LASTING_KINDS.includes(kind)) continue;
      const kept = kinds[kind] ?? days;
      groups.set(kept, [...(groups.get(kept) ?? []), kind]);
    }
    return groups;
  }

  private async purge(days: number, kinds: AuditEntryKind[]): Promise<number> {
    const { knex, hold, checkpointer, config } = this.options;
    if ((await hold.reason()) !== undefined) return 0;
    const checkpoint = await checkpointer.last();
    if (!checkpoint) return 0;
    const rows: { seq: number | string; entry_id: string }[] = await knex(
      AUDIT_TABLES.entry,
    )
      .join(
        AUDIT_TABLES.payload,
        `${AUDIT_TABLES.payload}.entry_id`,
        `${AUDIT_TABLES.entry}.entry_id`,
      )
      .whereIn('kind', kinds)
      .where('seq', '<=', checkpoint.size)
      .where(
        'recorded_at',
        '<',
        knex.raw('? - ?', [databaseNow(knex), days * DAY_MS]),
      )
      .orderBy('seq')
      .limit(ROWS_AT_ONCE)
      .select('seq', `${AUDIT_TABLES.entry}.entry_id`);
    if (rows.length === 0) return 0;
    const first = Number(rows[0].seq);
    const last = Number(rows[rows.length - 1].seq);
    const archive =
      config.archive === undefined
        ? undefined
        : await this.archive(config.archive, { first, last });
    return this.remove(rows, { first, last, kinds, days, archive });
  }

  private async remove(
    rows: readonly { seq: number | string; entry_id: string }[],
    range: {
      first: number;
      last: number;
      kinds: AuditEntryKind[];
      days: number;
      archive?: string;
    },
  ): Promise<number> {
    const { knex, hold, auditLog } = this.options;
    const { first, last, kinds, days, archive } = range;
    return knex.transaction(async transaction => {
      if (await hold.isPlaced(transaction)) return 0;
      let count = 0;
      for (let at = 0; at < rows.length; at += 500) {
        const some = rows.slice(at, at + 500);
        count += await transaction(AUDIT_TABLES.payload)
          .whereIn(
            'entry_id',
            some.map(({ entry_id }) => entry_id),
          )
          .delete();
        await deleteSearchTerms(
          transaction,
          some.map(({ seq }) => Number(seq)),
        );
      }
      // Another replica was first.
      if (count === 0) return 0;
      await auditLog.appendWithin(transaction, [
        {
          opId: ulid(),
          kind: 'retention',
          occurredAt: Date.now(),
          actor: 'system',
          target: formatLogRange({ first, last, kinds }),
          payload: { count, days, archive },
        },
      ]);
      return count;
    });
  }

  /** Written, on disk, and read back; under its final name only then. */
  private async archive(
    folder: string,
    range: { first: number; last: number },
  ): Promise<string> {
    const { fileName, pieces } = await this.options.exporter.exportRange(range);
    const path = join(folder, fileName);
    const file = await open(`${path}.part`, 'w+', 0o640);
    try {
      for await (const piece of pieces) await file.appendFile(piece);
      await file.datasync();
      const verifier = ExportVerifier.create({ digest: nodeDigest });
      const lines = file.readLines({ start: 0, autoClose: false });
      for await (const line of lines) verifier.addLine(line);
      const { problems } = verifier.finish();
      if (problems.length > 0) {
        throw new Error(
          `The archive ${path}.part does not verify, nothing was removed: ${problems[0].text}`,
        );
      }
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    return fileName;
  }
}
