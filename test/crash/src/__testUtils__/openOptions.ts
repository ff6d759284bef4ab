import type { Knex } from 'knex';
import type { DatabaseTarget } from './types';

interface SqliteConnection {
  pragma(text: string): unknown;
}

/** As the portal's database service opens it; one connection of SQLite, as there. */
export function openOptions({
  client,
  connection,
}: DatabaseTarget): Knex.Config {
  return client === 'pg'
    ? { client, connection, pool: { min: 0, max: 4 } }
    : {
        client,
        connection: { filename: connection },
        useNullAsDefault: true,
        pool: {
          min: 1,
          max: 1,
          // A killed process is what is tested, not a machine without power.
          afterCreate: (
            opened: SqliteConnection,
            done: (error: Error | null, opened: SqliteConnection) => void,
          ) => {
            opened.pragma('synchronous = OFF');
            done(null, opened);
          },
        },
      };
}
