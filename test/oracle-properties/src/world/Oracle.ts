import { Oracle as Program, Question, startOracle } from '@istio-backstage/lab';

/** A program of one's own instead of the one that the lab builds. */
export const ORACLE = process.env.ISTIO_ORACLE || 'built by the lab';

/** Istio's own answers; the program is started, and built where it is not yet, with the first question. */
export class Oracle {
  private constructor(private readonly program: Promise<Program>) {}

  static start(program: string): Oracle {
    const starting = startOracle(
      program === process.env.ISTIO_ORACLE ? { program } : {},
    );
    // A start that fails is told to whoever asks.
    starting.catch(() => {});
    return new Oracle(starting);
  }

  /** Questions about the same world should follow each other: it is loaded once then. */
  async ask<T>(question: Readonly<Record<string, unknown>>): Promise<T> {
    const program = await this.program;
    return program.ask(question as unknown as Question) as Promise<T>;
  }

  async stop(): Promise<void> {
    await this.program.then(
      program => program.stop(),
      () => {},
    );
  }
}

/** The oracle's answer and our own, which is computed while the oracle works. */
export function alongside<T, U>(
  asked: Promise<T>,
  own: () => U,
): Promise<[T, U]> {
  // What was asked is written first.
  const later = new Promise<void>(resolve => {
    setImmediate(resolve);
  });
  return Promise.all([asked, later.then(own)]);
}
