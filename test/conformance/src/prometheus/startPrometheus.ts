import { execFile, spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RecordedSeries } from '@istio-backstage/sandbox';

const run = promisify(execFile);

/** A server with an address up to but not including `/api/v1`. */
export interface QueryServer {
  url: string;
  close(): Promise<void>;
}

const escape = (text: string) =>
  text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

/** OpenMetrics wants the series of a metric together. */
function toOpenMetrics(series: readonly RecordedSeries[]): string {
  const byName = new Map<string, string[]>();
  for (const { labels, samples } of series) {
    const { __name__: name, ...rest } = labels;
    const inner = Object.entries(rest)
      .map(([key, value]) => `${key}="${escape(value)}"`)
      .join(',');
    const lines = byName.get(name) ?? [];
    byName.set(name, lines);
    for (const [t, v] of samples)
      lines.push(`${name}{${inner}} ${v} ${t / 1000}`);
  }
  return [...byName]
    .flatMap(([name, lines]) => [`# TYPE ${name} unknown`, ...lines])
    .concat('# EOF\n')
    .join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => {
    server.close(resolve);
  });
  return port;
}

/**
 * Why the comparison with a real Prometheus cannot be made here; undefined where it can. From 3.0 on ranges leave
 * their older end out; the sandbox evaluates as 2.x does.
 */
export function whyNoPrometheus(): string | undefined {
  const version = (program: string) =>
    spawnSync(program, ['--version'], { encoding: 'utf8' });
  const prometheus = version('prometheus');
  if (prometheus.error || version('promtool').error) {
    return 'prometheus and promtool are not on PATH';
  }
  const [, number = 'of no version'] =
    /version (\d+\.\d+)/.exec(prometheus.stdout + prometheus.stderr) ?? [];
  return number.startsWith('2.')
    ? undefined
    : `prometheus ${number} is on PATH, a 2.x is needed`;
}

/** A real Prometheus that holds these series in one block and scrapes nothing. */
export async function startPrometheus(
  series: readonly RecordedSeries[],
): Promise<QueryServer> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const file = join(folder, 'series.om');
  writeFileSync(file, toOpenMetrics(series));
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  const data = join(folder, 'data');
  await run('promtool', [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    file,
    data,
  ]);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
      '--storage.tsdb.retention.time=100y',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  for (let tries = 0; !(await isReady(url)); tries += 1) {
    if (child.exitCode !== null || tries > 300) {
      await close();
      throw new Error('Prometheus did not become ready');
    }
    await sleep(100);
  }
  return { url, close };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
