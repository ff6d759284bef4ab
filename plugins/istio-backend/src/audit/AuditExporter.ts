import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  AUDIT_TABLES,
  AuditExportQuery,
  bytesToHex,
  EXPORT_FORMAT,
  ExportManifest,
  FullRow,
  LogCheckpoint,
  LogEntry,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { AuditCheckpointer, InconsistentLog } from './AuditCheckpointer';
import type { AuditExport } from './auditService';
import { withPayload } from './DatabaseAuditLog';
import { exportSelection } from './exportSelection';
import { hashSubtrees } from './treeNodes';
import { writeCsv } from './writeCsv';

const PAGE = 500;

/** Null where there is no entry. */
interface Ends {
  first: number | string | null;
  last: number | string | null;
}

/** Writes all entries of a period: what a period holds is decided once, before the first piece. */
export class AuditExporter {
  static create(options: {
    knex: Knex;
    checkpointer: Pick<AuditCheckpointer, 'checkpoint' | 'last'>;
    /** Verifier key, for the manifest. */
    key?: string;
  }): AuditExporter {
    return new AuditExporter(options);
  }

  private constructor(
    private readonly options: {
      knex: Knex;
      checkpointer: Pick<AuditCheckpointer, 'checkpoint' | 'last'>;
      key?: string;
    },
  ) {}

  async start(query: AuditExportQuery): Promise<AuditExport> {
    await this.checkpointNow();
    const checkpoint = await this.options.checkpointer.last();
    if (checkpoint && isSelection(query)) {
      return exportSelection({ ...this.options, query, checkpoint });
    }
    const range = await this.findRange(query, checkpoint?.size ?? 0);
    if (!checkpoint || !range) {
      throw new NotFoundError('The audit log has no entries in this period');
    }
    const manifest = await this.buildManifest(checkpoint, range);
    if (query.format === 'ndjson') return this.writeNdjson(manifest);
    return {
      fileName: `${nameOf(manifest)}.csv`,
      mediaType: 'text/csv; charset=utf-8',
      pieces: writeCsv(this.readEntries(manifest)),
    };
  }

  /** Entries that a checkpoint covers, with their proof. */
  async exportRange(range: {
    first: number;
    last: number;
  }): Promise<AuditExport> {
    const checkpoint = await this.options.checkpointer.last();
    if (!checkpoint || checkpoint.size < range.last) {
      throw new NotFoundError(
        `No checkpoint covers entries ${range.first} to ${range.last}`,
      );
    }
    return this.writeNdjson(await this.buildManifest(checkpoint, range));
  }

  private writeNdjson(manifest: ExportManifest): AuditExport {
    return {
      fileName: `${nameOf(manifest)}.ndjson`,
      mediaType: 'application/x-ndjson; charset=utf-8',
      pieces: this.writeLines(manifest),
    };
  }

  private async buildManifest(
    checkpoint: LogCheckpoint,
    { first, last }: { first: number; last: number },
  ): Promise<ExportManifest> {
    const { knex, key } = this.options;
    const hex = async (from: number, to: number) =>
      (await hashSubtrees(knex, { from, to })).map(bytesToHex);
    return {
      type: 'manifest',
      format: EXPORT_FORMAT,
      first,
      last,
      count: last - first + 1,
      tree: { size: checkpoint.size, root: checkpoint.root },
      checkpoint,
      ...(key === undefined ? {} : { key }),
      proof: {
        before: await hex(0, first - 1),
        after: await hex(last, checkpoint.size),
      },
    };
  }

  /** So that the checkpoint covers what is exported, up to this moment. */
  private async checkpointNow(): Promise<void> {
    try {
      await this.options.checkpointer.checkpoint();
    } catch (error) {
      if (error instanceof InconsistentLog) {
        throw new ConflictError(
          `${error.message}: verify the log before it is exported`,
        );
      }
      throw error;
    }
  }

  private async findRange(
    { from, to }: AuditExportQuery,
    size: number,
  ): Promise<{ first: number; last: number } | undefined> {
    const { knex } = this.options;
    const row: Ends | undefined = await knex(AUDIT_TABLES.entry)
      .where('seq', '<=', size)
      .modify(builder => {
        if (from !== undefined) {
          builder.where('recorded_at', '>=', Date.parse(from));
        }
        if (to !== undefined) {
          builder.where('recorded_at', '<', Date.parse(to));
        }
      })
      .select({
        first: knex.raw('MIN(seq)'),
        last: knex.raw('MAX(seq)'),
      })
      .first();
    return row?.first === null || row === undefined
      ? undefined
      : { first: Number(row.first), last: Number(row.last) };
  }

  private async *writeLines(manifest: ExportManifest): AsyncGenerator<string> {
    yield `${JSON.stringify(manifest)}\n`;
    for await (const entries of this.readEntries(manifest)) {
      yield entries
        .map(entry => `${JSON.stringify({ type: 'entry', ...entry })}\n`)
        .join('');
    }
  }

  private async *readEntries({
    first,
    last,
  }: ExportManifest): AsyncGenerator<LogEntry[]> {
    for (let from = first; from <= last; from += PAGE) {
      const rows: FullRow[] = await withPayload(this.options.knex)
        .whereBetween('audit_entry.seq', [
          from,
          Math.min(last, from + PAGE - 1),
        ])
        .orderBy('audit_entry.seq');
      yield rows.map(toLogEntry);
    }
  }
}

/** More than a period is asked for: what is found has gaps. */
function isSelection(query: AuditExportQuery): boolean {
  const { format: _format, from: _from, to: _to, ...filters } = query;
  return Object.values(filters).some(value => value !== undefined);
}

function nameOf({ first, last }: ExportManifest): string {
  return `istio-audit-${first}-${last}`;
}
