import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import knexFactory from 'knex';

const run = promisify(execFile);
const BIN = '/usr/lib/postgresql/15/bin';
/** PostgreSQL refuses to run as root: `nobody` then. */
const NOBODY = 65_534;

/** The address of a PostgreSQL that somebody gives. */
function givenAddress(): string | undefined {
  return process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
}

/** Whether this machine has a PostgreSQL, given or to be started. */
export function hasPostgres(): boolean {
  return givenAddress() !== undefined || existsSync(BIN);
}

/** A PostgreSQL that is there already, or one of its own below `folder`; undefined where there is none. */
export async function startPostgres(folder: string): Promise<
  | {
      /** A new database, empty or a copy of another. */
      create(name: string, template?: string): Promise<string>;
      stop(): Promise<void>;
    }
  | undefined
> {
  const given = givenAddress();
  if (given) {
    return {
      create: (name, template) => create(given, name, template),
      stop: async () => {},
    };
  }
  if (!existsSync(BIN)) {
    return undefined;
  }
  const data = join(folder, 'postgres');
  mkdirSync(data);
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (process.getuid?.() === 0) {
    chmodSync(folder, 0o755);
    await run('chown', [`${NOBODY}:${NOBODY}`, data]);
  }
  await run(
    join(BIN, 'initdb'),
    ['-D', data, '-U', 'portal', '-A', 'trust', '--no-sync'],
    { ...identity, cwd: data },
  );
  const port = await freePort();
  const server = spawn(
    join(BIN, 'postgres'),
    // A killed client is what is tested, not a machine without power.
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data, '-F'],
    { ...identity, cwd: data, stdio: 'ignore' },
  );
  // It trusts whoever asks; the password is there to be looked for where it must not be.
  const url = `postgresql://portal:canary-password@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    create: (name, template) => create(url, name, template),
    stop: async () => {
      const ended = new Promise(resolve => {
        server.once('exit', resolve);
      });
      server.kill('SIGINT');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function create(
  url: string,
  name: string,
  template = 'template1',
): Promise<string> {
  const knex = knexFactory({ client: 'pg', connection: url });
  try {
    await knex.raw('DROP DATABASE IF EXISTS ??', [name]);
    await knex.raw('CREATE DATABASE ?? TEMPLATE ??', [name, template]);
  } finally {
    await knex.destroy();
  }
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const knex = knexFactory({ client: 'pg', connection: url });
    try {
      await knex.raw('SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => {
        setTimeout(resolve, 100);
      });
    } finally {
      await knex.destroy();
    }
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
