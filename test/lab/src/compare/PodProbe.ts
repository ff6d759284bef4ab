import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inNamespace } from '../network/controlNetwork';
import { COMPARE_FOLDER } from './compareFolder';

export interface HttpRequest {
  url: string;
  method?: string;
  headers?: Record<string, string>;
}

export interface HttpAnswer {
  /** Absent where no answer came. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  error?: string;
}

export interface TlsAnswer {
  /** Subject alternative names of the certificate, where TLS was spoken. */
  names?: string;
  error?: string;
}

/** A process in a Pod's network that asks what it is told to. */
export class PodProbe {
  private readonly waiting = new Map<number, (answer: object) => void>();
  private last = 0;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface({ input: child.stdout }).on('line', line => {
      const { id, ...answer } = JSON.parse(line);
      this.waiting.get(id)?.(answer);
      this.waiting.delete(id);
    });
    child.on('exit', () => {
      this.waiting.forEach(answer => answer({ error: 'the probe ended' }));
      this.waiting.clear();
    });
  }

  /** In that network namespace; stdin's end is its end. */
  static start(namespace: string): PodProbe {
    const [program, ...args] = inNamespace(namespace, [
      process.execPath,
      join(COMPARE_FOLDER, 'probeMain.mjs'),
    ]);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    return new PodProbe(child as unknown as ChildProcessWithoutNullStreams);
  }

  http(request: HttpRequest): Promise<HttpAnswer> {
    return this.ask(request);
  }

  tls(target: { host: string; port: number }): Promise<TlsAnswer> {
    return this.ask(target);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise<void>(resolve => {
      this.child.once('exit', () => resolve());
    });
    this.child.stdin.end();
    await ended;
  }

  private ask<T extends object>(request: object): Promise<T> {
    this.last += 1;
    const id = this.last;
    return new Promise(resolve => {
      this.waiting.set(id, answer => resolve(answer as T));
      this.child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }
}
