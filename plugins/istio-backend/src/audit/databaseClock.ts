import type { Knex } from 'knex';

/**
 * The database's clock as epoch milliseconds, for use inside statements: replicas agree on it,
 * their own clocks need not agree with anything.
 */
export function databaseNow(knex: Knex): Knex.Raw {
  return isPostgres(knex)
    ? knex.raw('(extract(epoch from clock_timestamp()) * 1000)::bigint')
    : knex.raw(
        "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)",
      );
}

/** The same plus seconds. */
export function databaseNowPlus(knex: Knex, seconds: number): Knex.Raw {
  return knex.raw('? + ?', [databaseNow(knex), Math.round(seconds * 1000)]);
}

export function isPostgres(knex: Knex): boolean {
  return /^pg/.test(String(knex.client.config.client));
}
