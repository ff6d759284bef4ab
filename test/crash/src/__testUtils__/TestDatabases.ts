import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { openOptions } from './openOptions';
import { startPostgres } from './startPostgres';
import type { DatabaseTarget } from './types';

const MIGRATIONS = resolve(
  __dirname,
  '../../../../plugins/istio-backend/migrations',
);
const TEMPLATE = 'crash_template';

/** Databases of both kinds below one folder; migrated once, and copied for each use. */
export class TestDatabases {
  static create(folder: string): TestDatabases {
    return new TestDatabases(folder);
  }

  private postgres?: ReturnType<typeof startPostgres>;
  private readonly templates = new Map<string, Promise<DatabaseTarget>>();
  private count = 0;

  private constructor(private readonly folder: string) {}

  async create(client: DatabaseTarget['client']): Promise<DatabaseTarget> {
    if (!this.templates.has(client)) {
      this.templates.set(client, this.migrate(client));
    }
    const template = await this.templates.get(client);
    this.count += 1;
    const name = `crash_${this.count}`;
    if (client === 'pg') {
      const server = await this.server();
      return { client, connection: await server.create(name, TEMPLATE) };
    }
    const connection = join(this.folder, `${name}.sqlite`);
    await copyFile(template?.connection ?? '', connection);
    return { client, connection };
  }

  async stop(): Promise<void> {
    await (await this.postgres)?.stop();
  }

  private async server() {
    this.postgres ??= startPostgres(this.folder);
    const server = await this.postgres;
    if (!server) throw new Error('There is no PostgreSQL on this machine');
    return server;
  }

  private async migrate(
    client: DatabaseTarget['client'],
  ): Promise<DatabaseTarget> {
    const connection =
      client === 'pg'
        ? await (await this.server()).create(TEMPLATE)
        : join(this.folder, 'template.sqlite');
    const knex: Knex = knexFactory(openOptions({ client, connection }));
    await knex.migrate.latest({ directory: MIGRATIONS });
    await knex.destroy();
    return { client, connection };
  }
}
