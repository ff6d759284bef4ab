import knexFactory, { type Knex } from 'knex';
import { resolve } from 'node:path';

const MIGRATIONS = resolve(
  __dirname,
  '../../../../../plugins/istio-backend/migrations',
);
const UNIX_EPOCH_AS_JULIAN_DAY = 2_440_587.5;
const MS_PER_DAY = 86_400_000;

interface SqliteConnection {
  prepare(sql: string): object;
  function(
    name: string,
    options: { varargs: true },
    body: (...args: unknown[]) => number,
  ): void;
}

/** A clock that moves only when a history says so; the database's own clock is the same one. */
export class VirtualTime {
  /** Epoch milliseconds. */
  now = Date.UTC(2026, 0, 1);

  advance(seconds: number): void {
    this.now += Math.round(seconds * 1000);
  }

  /** A migrated SQLite in memory whose `julianday('now')` is this clock. */
  async openDatabase(): Promise<Knex> {
    const knex = knexFactory({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      pool: {
        min: 1,
        max: 1,
        afterCreate: (
          connection: SqliteConnection,
          done: (error: Error | null, connection: SqliteConnection) => void,
        ) => {
          connection.function(
            'julianday',
            { varargs: true },
            () => this.now / MS_PER_DAY + UNIX_EPOCH_AS_JULIAN_DAY,
          );
          keepPrepared(connection);
          done(null, connection);
        },
      },
    });
    await knex.migrate.latest({ directory: MIGRATIONS });
    return knex;
  }
}

/** A thousand histories ask the same few statements; to prepare one costs more than to run it. */
function keepPrepared(connection: SqliteConnection): void {
  const prepared = new Map<string, object>();
  const prepare = connection.prepare.bind(connection);
  connection.prepare = sql => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}
