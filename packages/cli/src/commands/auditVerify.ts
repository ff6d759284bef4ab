import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LogReport, verifyTables } from '@istio-backstage/plugin-istio-common';
import { JSON_VERSION } from '../answers/toJson';
import { CommandOptions } from '../arguments/options';
import { choiceFlag, textFlag } from '../arguments/readFlags';
import { nativeDigest } from '../audit/nativeDigest';
import {
  isPostgresUrl,
  OpenDatabase,
  openPostgres,
  openSqlite,
} from '../audit/openDatabase';
import { presentReport } from '../audit/presentReport';
import { readLines } from '../audit/readLines';
import { readTrusted, Trusted } from '../audit/readTrusted';
import { verifyExport } from '../audit/verifyExport';
import { verifyPack } from '../audit/verifyPack';
import { BadInput } from '../BadInput';
import { ExitCode, Terminal } from '../types';

const SQLITE = 'SQLite format 3\0';

/** Whether an audit log, or an export of it, is what was recorded. */
export async function auditVerify(
  options: CommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { values, paths } = options;
  const output = choiceFlag(values, 'output', ['text', 'json']);
  if (paths.length !== 1) {
    throw new BadInput('audit verify takes one log at a time');
  }
  const trusted = readTrusted(options, terminal);
  const report = await verify(paths[0], {
    trusted,
    terminal,
    schema: textFlag(values, 'schema'),
  });
  terminal.out(
    output === 'json'
      ? `${JSON.stringify({ version: JSON_VERSION, report }, null, 2)}\n`
      : presentReport(report),
  );
  return report.verdict === 'intact' ? 0 : 1;
}

function verify(
  place: string,
  options: { trusted: Trusted; terminal: Terminal; schema?: string },
): Promise<LogReport> {
  const { trusted, terminal, schema } = options;
  if (isPostgresUrl(place)) {
    return verifyDatabase(openPostgres(place, schema), trusted);
  }
  if (place === '-') {
    return verifyExport(terminal.readStdin().split('\n'), {
      place: 'standard input',
      trusted,
    });
  }
  const file = resolve(terminal.cwd, place);
  if (isFolder(file)) return verifyPack(file, { place, trusted });
  return startsWith(file, place) === SQLITE
    ? verifyDatabase(openSqlite(file), trusted)
    : verifyExport(readLines(file), { place, trusted });
}

async function verifyDatabase(
  opening: Promise<OpenDatabase>,
  trusted: Trusted,
): Promise<LogReport> {
  const database = await opening;
  try {
    return await verifyTables({
      read: database.read,
      digest: nativeDigest,
      ...trusted,
    });
  } finally {
    await database.close();
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function startsWith(file: string, place: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const start = Buffer.alloc(SQLITE.length);
      readSync(handle, start);
      return start.toString('latin1');
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new BadInput(
      `${place} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}
