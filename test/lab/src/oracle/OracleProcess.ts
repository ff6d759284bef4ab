import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEPT_STDERR = 8_000;

/** One line of the program's output. */
export interface OracleLine {
  id?: number;
  result?: unknown;
  error?: string;
}

/** One run of the program: lines in, lines out, and how it ended. */
export class OracleProcess {
  /** Resolves with a phrase when the process is gone and its output read. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcessWithoutNullStreams;
  private stderr = '';

  constructor(program: string, onLine: (line: OracleLine) => void) {
    this.child = spawn(program, { stdio: 'pipe' });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR);
    });
    // Writing to a process that is gone: `ended` tells of it.
    this.child.stdin.on('error', () => {});
    createInterface({ input: this.child.stdout }).on('line', line => {
      if (!this.child.killed) onLine(JSON.parse(line) as OracleLine);
    });
    this.ended = new Promise(resolve => {
      this.child.on('error', error => resolve(`cannot run: ${error.message}`));
      this.child.on('close', (code, signal) =>
        resolve(
          `the oracle's process ended (${signal ?? `code ${code}`})\n${
            this.stderr
          }`.trim(),
        ),
      );
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  write(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Ends it at once; lines that still come are not told. `why` becomes part of how it ended. */
  kill(why: string): void {
    this.stderr += `\n${why}`;
    this.child.kill('SIGKILL');
  }

  /** Lets it answer what it was asked and end; resolves when it has. */
  async finish(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
