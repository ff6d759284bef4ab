import type { Knex } from 'knex';
import type { DatabaseTarget } from './types';

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
        pool: { min: 1, max: 1 },
      };
}
