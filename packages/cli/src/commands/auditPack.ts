import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  buildEvidencePack,
  exportEntrySchema,
  formatPackSums,
  LogEntry,
  PACK_LOG,
  PACK_SUMS,
  writePackFiles,
} from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { textFlag } from '../arguments/readFlags';
import { nativeDigest } from '../audit/nativeDigest';
import { readTrusted } from '../audit/readTrusted';
import { verifyExport } from '../audit/verifyExport';
import { BadInput } from '../BadInput';
import { ExitCode, Terminal } from '../types';

/** Makes an evidence pack, without a signature, of an export of a period. */
export async function auditPack(
  options: CommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const out = textFlag(options.values, 'out');
  const [place, ...more] = options.paths;
  if (!out || more.length > 0) {
    throw new BadInput('audit pack takes one export, and --out FOLDER');
  }
  const text = readText(place, terminal);
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const verification = await verifyExport(lines, {
    place,
    trusted: readTrusted(options, terminal),
  });
  const pack = buildEvidencePack({
    entries: lines.slice(1).map((line, index) => parseEntry(line, index + 2)),
    verification,
    madeAt: new Date(terminal.now()).toISOString(),
    madeBy: 'istio-portal audit pack',
  });
  const files = [...writePackFiles(pack), { name: PACK_LOG, text }];
  const sums = formatPackSums({
    origin: pack.origin ?? 'unknown',
    files,
    digest: nativeDigest,
  });
  const folder = resolve(terminal.cwd, out);
  mkdirSync(folder, { recursive: true });
  for (const file of [...files, { name: PACK_SUMS, text: sums }]) {
    writeFileSync(join(folder, file.name), file.text);
  }
  terminal.out(
    `${pack.population.length} operations, ${
      pack.exceptions.length
    } exceptions, ${pack.approvals.length} decisions: ${join(
      out,
      'index.html',
    )}\n`,
  );
  return verification.verdict === 'intact' ? 0 : 1;
}

function parseEntry(line: string, number: number): LogEntry {
  const parsed = exportEntrySchema.safeParse(JSON.parse(line));
  if (parsed.success) return parsed.data;
  throw new BadInput(
    `line ${number}: a pack is made of an export of a period, this is a selection`,
  );
}

function readText(place: string, terminal: Terminal): string {
  if (place === '-') return terminal.readStdin();
  try {
    return readFileSync(resolve(terminal.cwd, place), 'utf8');
  } catch (error) {
    throw new BadInput(
      `${place} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}
