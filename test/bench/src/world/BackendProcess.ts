import { spawn, ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths';
import { waitUntil } from './waitUntil';

/** What `GET /memory` of the probe says, in bytes. */
export interface MemoryUse {
  rss: number;
  heapUsed: number;
}

/** Since the last question. */
export interface LoopUse {
  /** Longest time the event loop did nothing else. */
  longestMs: number;
  cpuMs: number;
  /** Ready to run, but other programs had the processor; null where the system does not tell. */
  waitedMs: number | null;
}

export interface BackendOptions {
  config: string;
  port: number;
  probePort: number;
  /** False: the same backend, this plugin left out. */
  withPlugin: boolean;
  log: string;
}

const STARTED_WITHIN_MS = 180_000;

/** The demo portal's backend as it is, in a process of its own. */
export class BackendProcess {
  /** Resolves when it is ready; throws Error with its last lines when it is not. */
  static async start(options: BackendOptions): Promise<BackendProcess> {
    const log = openSync(options.log, 'w');
    const child = spawn(process.execPath, argumentsOf(options), {
      cwd: join(ROOT, 'packages', 'backend'),
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'info',
        BENCH_PROBE_PORT: String(options.probePort),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const backend = new BackendProcess(child, options);
    try {
      await backend.ready();
      return backend;
    } catch (error) {
      await backend.stop();
      throw error;
    }
  }

  private readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: BackendOptions,
  ) {
    // The bench may end before it comes to stop().
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    this.ended = new Promise(resolve =>
      child.once('exit', () => {
        process.removeListener('exit', kill);
        resolve();
      }),
    );
  }

  get address(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  memory(): Promise<MemoryUse> {
    return this.probe('memory');
  }

  loop(): Promise<LoopUse> {
    return this.probe('loop');
  }

  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    this.child.kill('SIGTERM');
    const insist = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.ended;
    clearTimeout(insist);
  }

  private async ready(): Promise<void> {
    await waitUntil(
      async () => {
        if (this.hasEnded()) throw new Error(`It ended. ${this.lastLines()}`);
        const { ok } = await fetch(
          `${this.address}/.backstage/health/v1/readiness`,
        ).catch(() => ({ ok: false }));
        return ok;
      },
      {
        what: () => `the backend to be ready. ${this.lastLines()}`,
        withinMs: STARTED_WITHIN_MS,
      },
    );
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async probe<T>(what: string): Promise<T> {
    const response = await fetch(
      `http://127.0.0.1:${this.options.probePort}/${what}`,
    );
    return response.json() as Promise<T>;
  }

  private lastLines(): string {
    const lines = readFileSync(this.options.log, 'utf8').split('\n');
    return `It said:\n${lines.slice(-20).join('\n')}`;
  }
}

function argumentsOf({ config, withPlugin }: BackendOptions): string[] {
  const preloads = [
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    require.resolve('./probe.cjs'),
    ...(withPlugin ? [] : [require.resolve('./withoutPlugin.cjs')]),
  ];
  return [
    '--expose-gc',
    ...preloads.flatMap(file => ['--require', file]),
    join(ROOT, 'packages', 'backend', 'src', 'index.ts'),
    '--config',
    join(ROOT, 'app-config.yaml'),
    '--config',
    config,
  ];
}
