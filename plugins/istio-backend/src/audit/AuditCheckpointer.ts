import {
  AUDIT_TABLES,
  bytesToHex,
  formatCheckpoint,
  judgeSignature,
  LogCheckpoint,
  NoteSigner,
  parseCheckpoint,
  parseHash,
  parseNote,
  parseVerifierKey,
  planConsistency,
  toCheckpoint,
  verifyConsistency,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import type { AuditKeys } from './AuditKeys';
import { databaseNow } from './databaseClock';
import { nodeDigest } from './nodeDigest';
import { hashRanges, readRoot } from './treeNodes';

/** The log is not what an earlier checkpoint said: nothing more is signed. */
export class InconsistentLog extends Error {}

/** Options of {@link AuditCheckpointer}. */
export interface AuditCheckpointerOptions {
  knex: Knex;
  keys: AuditKeys;
  /** Of a log that has no checkpoint yet; later the first one decides. */
  origin: string;
  /** Names of the anchors each checkpoint goes to. */
  anchors: readonly string[];
}

/** Writes checkpoints, each consistent with the one before; replicas compete for the next number. */
export class AuditCheckpointer {
  static create(options: AuditCheckpointerOptions): AuditCheckpointer {
    return new AuditCheckpointer(options);
  }

  /** The last one seen, so that rows that vanish under a running portal are noticed. */
  private seen?: LogCheckpoint;

  private constructor(private readonly options: AuditCheckpointerOptions) {}

  /** Entries that the last checkpoint does not cover yet. */
  async pending(): Promise<number> {
    const head = await this.options
      .knex(AUDIT_TABLES.head)
      .where('id', 1)
      .first('seq');
    return Number(head?.seq ?? 0) - ((await this.last())?.size ?? 0);
  }

  /** The newest checkpoint there is. */
  async last(): Promise<LogCheckpoint | undefined> {
    const row = await this.options
      .knex(AUDIT_TABLES.checkpoint)
      .orderBy('number', 'desc')
      .first();
    return row && toCheckpoint(row);
  }

  /**
   * Writes one over all entries there are; undefined when there is nothing new or another replica was
   * first. Throws {@link InconsistentLog} rather than sign what contradicts an earlier one.
   */
  async checkpoint(): Promise<LogCheckpoint | undefined> {
    const { knex, keys } = this.options;
    const last = await this.last();
    if (this.seen && (last?.number ?? 0) < this.seen.number) {
      throw new InconsistentLog(
        `Checkpoint ${this.seen.number} was there and is gone`,
      );
    }
    if (!last && (await this.pending()) === 0) return undefined;
    const origin =
      (last && parseCheckpoint(parseNote(last.note)?.text ?? '')?.origin) ??
      this.options.origin;
    const signer = await keys.settle(origin);
    const head = await knex(AUDIT_TABLES.head).where('id', 1).first('seq');
    const size = Number(head?.seq ?? 0);
    if (size <= (last?.size ?? 0)) {
      if (last && size < last.size) {
        throw new InconsistentLog(
          `Checkpoint ${last.number} is about ${last.size} entries, there are ${size}`,
        );
      }
      this.seen = last;
      return undefined;
    }
    const root = await readRoot(knex, size);
    if (last) await this.requireConsistency(last, { size, root, signer });
    const number = (last?.number ?? 0) + 1;
    const text = formatCheckpoint({
      origin,
      size,
      root: bytesToHex(root),
      number,
    });
    const checkpoint = {
      number,
      size,
      root: bytesToHex(root),
      note: signer ? signer.sign(text) : text,
    };
    return (await this.store(checkpoint)) ? checkpoint : undefined;
  }

  private async requireConsistency(
    last: LogCheckpoint,
    newer: { size: number; root: Uint8Array; signer?: NoteSigner },
  ): Promise<void> {
    const note = parseNote(last.note);
    const body = note && parseCheckpoint(note.text);
    const root = parseHash(last.root);
    const key = newer.signer && parseVerifierKey(newer.signer.verifierKey);
    if (
      !root ||
      body?.root !== last.root ||
      body.size !== last.size ||
      body.number !== last.number ||
      (key && judgeSignature(note!, key, nodeDigest) === 'invalid')
    ) {
      throw new InconsistentLog(
        `Checkpoint ${last.number} is not the one that was written`,
      );
    }
    const isConsistent = verifyConsistency(
      {
        older: { size: last.size, root },
        newer,
        proof: await hashRanges(
          this.options.knex,
          planConsistency(last.size, newer.size),
        ),
      },
      nodeDigest,
    );
    if (!isConsistent) {
      throw new InconsistentLog(
        `The first ${last.size} entries are not those of checkpoint ${last.number}`,
      );
    }
  }

  /** Checkpoint and its deliveries in one; false when another replica took the number. */
  private async store(checkpoint: LogCheckpoint): Promise<boolean> {
    const { knex, anchors } = this.options;
    const isStored = await knex.transaction(async transaction => {
      const before = await transaction(AUDIT_TABLES.checkpoint)
        .where('number', checkpoint.number)
        .first('number');
      if (before) return false;
      await transaction(AUDIT_TABLES.checkpoint)
        .insert(checkpoint)
        .onConflict('number')
        .ignore();
      const row = await transaction(AUDIT_TABLES.checkpoint)
        .where('number', checkpoint.number)
        .first();
      if (toCheckpoint(row).note !== checkpoint.note) return false;
      if (anchors.length > 0) {
        await transaction(AUDIT_TABLES.delivery)
          .insert(
            anchors.map(anchor => ({
              anchor,
              number: checkpoint.number,
              next_at: databaseNow(knex),
            })),
          )
          .onConflict(['anchor', 'number'])
          .ignore();
      }
      return true;
    });
    if (isStored) this.seen = checkpoint;
    return isStored;
  }
}
