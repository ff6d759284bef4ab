import { createRequire } from 'node:module';
import { ReadRows } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { BadInput } from '../BadInput';

/** A database to read from, and only that. */
export interface OpenDatabase {
  read: ReadRows;
  close(): Promise<void>;
}

/** What knex would print is told as the error of the run. */
const SILENT = {
  warn: () => {},
  error: () => {},
  deprecate: () => {},
  debug: () => {},
};

/** `postgres://…`; the address may carry a password and is never repeated. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(ql)?:\/\//.test(place);
}

/** The plugin's database in Postgres; `schema` where the portal divides plugins by schema. */
export async function openPostgres(
  url: string,
  schema: string | undefined,
): Promise<OpenDatabase> {
  const knex = connect({
    client: 'pg',
    log: SILENT,
    connection: url,
    pool: { min: 0, max: 1 },
    ...(schema ? { searchPath: [schema] } : {}),
  });
  return wrap(knex, result => (result as { rows: Rows }).rows);
}

/** A database file of SQLite, opened for reading. */
export async function openSqlite(filename: string): Promise<OpenDatabase> {
  const knex = connect({
    client: 'better-sqlite3',
    log: SILENT,
    useNullAsDefault: true,
    connection: {
      filename,
      options: { readonly: true },
    } as Knex.Sqlite3ConnectionConfig,
    pool: { min: 0, max: 1 },
  });
  return wrap(knex, result => result as Rows);
}

const requireHere = createRequire(__filename);

/** Loaded when a database is opened: all other commands start without it. */
function connect(config: Knex.Config): Knex {
  const knexFactory: (config: Knex.Config) => Knex = requireHere('knex');
  return knexFactory(config);
}

type Rows = Record<string, unknown>[];

function wrap(knex: Knex, rowsOf: (result: unknown) => Rows): OpenDatabase {
  return {
    read: async (sql, bindings) => {
      try {
        return rowsOf(await knex.raw(sql, [...bindings]));
      } catch (error) {
        throw new BadInput(
          `the log cannot be read: ${describe(error as Error)}`,
        );
      }
    },
    close: () => knex.destroy(),
  };
}

/** What the database said, without the statement that knex puts before it. */
function describe(error: Error): string {
  return error.message.split(' - ').at(-1)!.slice(0, 300);
}
