import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { isPostgres } from '../audit/databaseClock';
import { indexImported } from '../audit/searchIndex';

/** The plugin's database with its tables; `database.migrations.skip` leaves them to the deployer. */
export async function migrateDatabase(
  database: DatabaseService,
): Promise<Knex> {
  const knex = await database.getClient();
  if (!isPostgres(knex)) {
    // One wait for the disk per transaction instead of several; in memory it says no and changes nothing.
    await knex.raw('PRAGMA journal_mode = WAL');
  }
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@istio-backstage/plugin-istio-backend',
        'migrations',
      ),
    });
  }
  await indexImported(knex);
  return knex;
}
