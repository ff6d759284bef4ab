import {
  AuditExportQuery,
  AuditFilters,
  bytesToHex,
  LogCheckpoint,
  LogEntry,
  planInclusion,
  SELECTION_FORMAT,
  SelectionManifest,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { AuditSearch } from './AuditSearch';
import type { AuditExport } from './auditService';
import { hashRanges } from './treeNodes';
import { writeCsv } from './writeCsv';

const PAGE = 500;
const KNOWN_AT_MOST = 20_000;

/** What filters find among the entries of a checkpoint, newest first, each with its inclusion proof. */
export function exportSelection(options: {
  knex: Knex;
  query: AuditExportQuery;
  checkpoint: LogCheckpoint;
  /** Verifier key, for the manifest. */
  key?: string;
}): AuditExport {
  const { knex, checkpoint, key } = options;
  const { format, ...query } = options.query;
  const { size, root } = checkpoint;
  const entries = selectEntries({ knex, query, size });
  const fileName = `istio-audit-selection-${size}`;
  if (format === 'csv') {
    return {
      fileName: `${fileName}.csv`,
      mediaType: 'text/csv; charset=utf-8',
      pieces: writeCsv(entries),
    };
  }
  const manifest: SelectionManifest = {
    type: 'manifest',
    format: SELECTION_FORMAT,
    query,
    tree: { size, root },
    checkpoint,
    ...(key === undefined ? {} : { key }),
  };
  return {
    fileName: `${fileName}.ndjson`,
    mediaType: 'application/x-ndjson; charset=utf-8',
    pieces: writeSelection({ knex, manifest, pages: entries }),
  };
}

async function* selectEntries(options: {
  knex: Knex;
  query: AuditFilters;
  size: number;
}): AsyncGenerator<LogEntry[]> {
  const { knex, query, size } = options;
  const search = AuditSearch.create({ knex });
  let before: number | undefined = size + 1;
  while (before !== undefined) {
    const step: Awaited<ReturnType<AuditSearch['step']>> = await search.step(
      { ...query, limit: PAGE },
      before,
    );
    yield step.entries;
    before = step.before;
  }
}

async function* writeSelection(options: {
  knex: Knex;
  manifest: SelectionManifest;
  pages: AsyncIterable<LogEntry[]>;
}): AsyncGenerator<string> {
  const { knex, manifest, pages } = options;
  yield `${JSON.stringify(manifest)}\n`;
  // Proofs of neighbours share most of their hashes.
  const known = new Map<string, string>();
  let count = 0;
  for await (const entries of pages) {
    for (const entry of entries) {
      if (known.size > KNOWN_AT_MOST) known.clear();
      const inclusion: string[] = [];
      for (const range of planInclusion(entry.seq - 1, manifest.tree.size)) {
        const place = `${range.from}-${range.to}`;
        const hash =
          known.get(place) ?? bytesToHex((await hashRanges(knex, [range]))[0]);
        known.set(place, hash);
        inclusion.push(hash);
      }
      yield `${JSON.stringify({ type: 'entry', ...entry, inclusion })}\n`;
      count += 1;
    }
  }
  yield `${JSON.stringify({ type: 'end', count })}\n`;
}
