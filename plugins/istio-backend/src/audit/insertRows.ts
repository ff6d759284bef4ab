import type { Knex } from 'knex';
import { isPostgres } from './databaseClock';

/** Columns and what they hold. */
type Columns<T> = { [K in keyof T & string]: 'text' | 'bigint' };

/**
 * Inserts rows with one value to bind, whatever their number: as one JSON text. A statement with a place
 * for each value has to be written and read anew for each number of rows.
 */
export async function insertRows<T extends object>(
  transaction: Knex.Transaction,
  options: { table: string; columns: Columns<T>; rows: readonly T[] },
): Promise<void> {
  const { table, columns, rows } = options;
  if (rows.length === 0) return;
  const names = Object.keys(columns) as (keyof T & string)[];
  const into = `INSERT INTO ${table} (${names.join(', ')})`;
  const json = JSON.stringify(
    rows.map(row => names.map(name => row[name] ?? null)),
  );
  await (isPostgres(transaction)
    ? transaction.raw(
        `${into} SELECT ${names
          .map((name, at) => `(r ->> ${at})::${columns[name]}`)
          .join(', ')} FROM json_array_elements(?::json) AS t(r)`,
        [json],
      )
    : transaction.raw(
        `${into} SELECT ${names
          .map((_, at) => `value ->> ${at}`)
          .join(', ')} FROM json_each(?)`,
        [json],
      ));
}
