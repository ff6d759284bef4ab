import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { BENCH_AGENT, RequestCounts } from './countRequests';
import type { SandboxRequest } from './runSandbox';

/** What the sandbox was asked, and for how long that kept it busy. */
export interface SandboxUse {
  counts: RequestCounts;
  busyMs: number;
}

/** The sandbox of the bench, seen from outside. */
export class SandboxProcess {
  static async start(size: {
    services: number;
    podsPerService: number;
  }): Promise<SandboxProcess> {
    const child = fork(require.resolve('./runSandbox.ts'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const { url } = (await ask(child, { ask: 'start', ...size })) as {
      url: string;
    };
    return new SandboxProcess(child, url);
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  async use(): Promise<SandboxUse> {
    return (await ask(this.child, { ask: 'count' })) as SandboxUse;
  }

  /** What was asked while `work` ran. */
  async useDuring(work: () => Promise<unknown>): Promise<SandboxUse> {
    const before = await this.use();
    await work();
    const after = await this.use();
    const counts = { ...after.counts };
    for (const kind of Object.keys(counts) as (keyof RequestCounts)[]) {
      counts[kind] -= before.counts[kind];
    }
    return { counts, busyMs: after.busyMs - before.busyMs };
  }

  /** A request of the bench to the Kubernetes or the control API; it is not counted. Throws Error. */
  async send(options: {
    method: string;
    path: string;
    body: unknown;
    contentType?: string;
  }): Promise<void> {
    const { method, path, body } = options;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: 'Bearer sandbox-admin',
        'content-type': options.contentType ?? 'application/json',
        'user-agent': BENCH_AGENT,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
  }

  stop(): void {
    this.child.kill();
  }
}

/** One question at a time: answers carry no number. */
async function ask(
  child: ChildProcess,
  request: SandboxRequest,
): Promise<unknown> {
  const ended = new AbortController();
  const answer = once(child, 'message', { signal: ended.signal });
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`The sandbox ended by itself (code ${code})`);
  });
  child.send(request);
  try {
    const [message] = await Promise.race([answer, exit]);
    return message;
  } finally {
    // Whichever of the two did not happen is rejected now, and is meant to be.
    exit.catch(() => {});
    answer.catch(() => {});
    ended.abort();
  }
}
