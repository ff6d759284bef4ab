import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { local } from './paths.mjs';
import { run } from './processes.mjs';

const DEBIAN = '/usr/lib/postgresql';
const STOP = data => ['-D', data, '-m', 'immediate', '-w', 'stop'];
/** What the test utilities of Backstage read; any version may stand behind it. */
const VARIABLE = 'BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING';
const GIVEN = /^BACKSTAGE_TEST_DATABASE_POSTGRES\d+_CONNECTION_STRING$/;

/**
 * A private PostgreSQL for tests, on the loopback address and with a data folder of its own. Gives the
 * environment that names it and how to stop it, or the reason why there is none. `isDurable`: it waits for
 * the disk, as one that keeps something does.
 */
export async function startPostgres({ isDurable = false } = {}) {
  if (Object.keys(process.env).some(name => GIVEN.test(name))) {
    return { env: {}, stop: async () => {} };
  }
  const bin = findPrograms();
  if (!bin) return { reason: 'PostgreSQL is not installed.' };
  const folder = mkdtempSync(join(tmpdir(), 'istio-portal-postgres-'));
  const asUser = await whoRuns(folder);
  if (!asUser) {
    rmSync(folder, { recursive: true });
    return {
      reason: 'PostgreSQL does not run as root, and there is no user postgres.',
    };
  }
  mkdirSync(join(local, 'logs'), { recursive: true });
  const data = join(folder, 'data');
  const port = await freePort();
  const call = (program, ...args) =>
    run(...asUser(join(bin, program), args), {
      cwd: folder,
      log: join(local, 'logs', `postgres-${program}.log`),
    });
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=${folder}`,
    '-c max_connections=200',
    ...(isDurable ? [] : ['-c fsync=off']),
  ].join(' ');
  const steps = [
    [
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
    ],
    [
      'pg_ctl',
      '-D',
      data,
      '-o',
      settings,
      '-l',
      join(folder, 'log'),
      '-w',
      'start',
    ],
  ];
  for (const step of steps) {
    const { code, output } = await call(...step);
    if (code !== 0) {
      rmSync(folder, { recursive: true, force: true });
      return { reason: `PostgreSQL did not start: ${output.slice(-500)}` };
    }
  }
  // Also when the run is broken off, which leaves no time to wait.
  const stopNow = () => {
    const [command, args] = asUser(join(bin, 'pg_ctl'), STOP(data));
    spawnSync(command, args, { cwd: folder, stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stopNow);
  return {
    env: { [VARIABLE]: `postgres://postgres@127.0.0.1:${port}/postgres` },
    stop: async () => {
      process.off('exit', stopNow);
      stopNow();
    },
  };
}

function findPrograms() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map(version => join(DEBIAN, version, 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')));
}

/** How to run its programs: as ourselves, or as root as the user that Debian made for it. */
async function whoRuns(folder) {
  if (process.getuid?.() !== 0) return (command, args) => [command, args];
  const { code } = await run('chown', ['postgres', folder], {});
  if (code !== 0) return undefined;
  return (command, args) => [
    'runuser',
    ['-u', 'postgres', '--', command, ...args],
  ];
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
