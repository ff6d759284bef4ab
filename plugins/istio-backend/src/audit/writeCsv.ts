import type { LogEntry } from '@istio-backstage/plugin-istio-common';
import { stringify } from 'csv-stringify/sync';
import { toView } from './AuditSearch';

const COLUMNS = [
  'position',
  'recorded at',
  'occurred at',
  'kind',
  'by',
  'about',
  'operation',
  'step',
  'details',
  'hash',
];

/** Entries as rows of a spreadsheet, the first one says what the columns are. */
export async function* writeCsv(
  pages: AsyncIterable<LogEntry[]>,
): AsyncGenerator<string> {
  yield stringify([COLUMNS]);
  for await (const entries of pages) {
    yield stringify(entries.map(toCells), {
      // Spreadsheets would run what begins with = + - @.
      escape_formulas: true,
    });
  }
}

function toCells(entry: LogEntry): string[] {
  const view = toView(entry);
  return [
    String(view.seq),
    view.recordedAt,
    view.occurredAt,
    view.kind,
    view.by,
    view.about,
    view.opId,
    view.text ?? '',
    view.isRemoved ? 'removed' : JSON.stringify(view.details),
    view.hash,
  ];
}
