import { readFileSync } from 'node:fs';
import { Terminal } from './types';

/** The process's own streams. */
export function systemTerminal(): Terminal {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') {
      process.exitCode = 2;
    }
  });
  return {
    out: text => void process.stdout.write(text),
    error: text => void process.stderr.write(text),
    readStdin: () => readFileSync(0, 'utf8'),
    cwd: process.cwd(),
    now: () => Date.now(),
  };
}
