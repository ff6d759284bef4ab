import type { ReadRows } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { isPostgres } from './databaseClock';

/** SELECTs of the verification, through the plugin's own connections. */
export function readRows(knex: Knex): ReadRows {
  return async (sql, bindings) => {
    const result = await knex.raw(sql, [...bindings]);
    return isPostgres(knex) ? result.rows : result;
  };
}
