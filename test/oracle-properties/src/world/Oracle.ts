import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The program that answers with Istio's own code; unset: the suites have nothing to compare with. */
export const ORACLE = process.env.ISTIO_ORACLE;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Istio's own answers, one process, one JSON line per question and answer, in order. */
export class Oracle {
  private readonly waiting: Waiting[] = [];

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface({ input: child.stdout }).on('line', line =>
      this.receive(line),
    );
    child.on('exit', code => {
      for (const { reject } of this.waiting.splice(0)) {
        reject(new Error(`the oracle ended with ${code}`));
      }
    });
    child.stderr.resume();
  }

  static start(program: string): Oracle {
    return new Oracle(spawn(program, { stdio: 'pipe' }));
  }

  /** Questions about the same world should follow each other: it is loaded once then. */
  ask<T>(question: Readonly<Record<string, unknown>>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ resolve: resolve as Waiting['resolve'], reject });
      this.child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  stop(): void {
    this.child.stdin.end();
  }

  private receive(line: string): void {
    const { resolve, reject } = this.waiting.shift() ?? {};
    const answer = JSON.parse(line) as { result?: unknown; error?: string };
    if (answer.error === undefined) {
      resolve?.(answer.result);
    } else {
      reject?.(new Error(answer.error));
    }
  }
}
