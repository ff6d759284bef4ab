import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** How a command ended. */
export interface StepResult {
  code: number;
  /** Last 20,000 characters of what it printed, both streams. */
  tail: string;
}

/**
 * Runs one command to its end, every line into a log file and to `onLine`. An abort asks it to stop as
 * Ctrl-C does, and rejects with an AbortError once it has.
 */
export async function runStep(
  command: string,
  args: readonly string[],
  options: {
    cwd: string;
    env: NodeJS.ProcessEnv;
    logFile: string;
    onLine?: (line: string) => void;
    signal?: AbortSignal;
  },
): Promise<StepResult> {
  options.signal?.throwIfAborted();
  const file = createWriteStream(options.logFile);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGINT');
  options.signal?.addEventListener('abort', stop);
  let tail = '';
  let rest = '';
  const take = (chunk: string) => {
    file.write(chunk);
    tail = (tail + chunk).slice(-20_000);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', ended => resolve(ended ?? 1));
    });
    options.signal?.throwIfAborted();
    return { code, tail };
  } finally {
    options.signal?.removeEventListener('abort', stop);
    file.end();
  }
}
