import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';

const POSTGRES: TestDatabaseId[] = [
  'POSTGRES_18',
  'POSTGRES_17',
  'POSTGRES_16',
  'POSTGRES_15',
];

/** The Postgres of the environment; without one the test utilities would ask for a container engine. */
const given = POSTGRES.find(
  id =>
    process.env[
      `BACKSTAGE_TEST_DATABASE_${id.replace('_', '')}_CONNECTION_STRING`
    ],
);

/** Databases that contract tests of stores run on. */
export function createTestDatabases(): TestDatabases {
  return TestDatabases.create({
    ids: given ? ['SQLITE_3', given] : ['SQLITE_3'],
  });
}

/**
 * Runs `define` once per database. Where no Postgres is given, its tests are there all the same and
 * count as skipped.
 */
export function describeDatabases(define: (id: TestDatabaseId) => void): void {
  const onPostgres = given ? describe : describe.skip;
  describe.each<TestDatabaseId>(['SQLITE_3'])('on %s', id => {
    define(id);
  });
  onPostgres.each<TestDatabaseId>([given ?? 'POSTGRES_15'])('on %s', id => {
    define(id);
  });
}
