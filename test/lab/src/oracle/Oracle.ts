import { OracleCrash, OracleError } from './OracleError';
import { OracleProcess, type OracleLine } from './OracleProcess';
import type { AnswerTo, Outcome, Question } from './types';

/** Enough to keep the process busy between our turns, few enough to lose little in a crash. */
const IN_FLIGHT = 64;

interface Pending {
  id: number;
  question: Question;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Istio's own code behind one process that answers in order. Questions about the same world (`yaml`,
 * `meshConfig`, `allowInvalid`) should follow each other: it is loaded once then, which is over 100 times faster.
 */
export class Oracle {
  private process: OracleProcess | undefined;
  /** Oldest first; the first `sent` of them are with the process. */
  private pending: Pending[] = [];
  private sent = 0;
  private nextId = 1;
  private stopped = false;

  private constructor(private readonly program: string) {}

  /** An oracle of this program. The process starts with the first question. */
  static create(program: string): Oracle {
    return new Oracle(program);
  }

  /** Process id while the program runs, for measuring. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /**
   * Asks one question. Many may be asked without waiting; they are answered in order.
   * @throws OracleError in the oracle's words: a field it does not know, an invalid world, a panic in Istio,
   * or after 60 seconds. OracleCrash when the process itself ended over it; later questions get a new process.
   */
  ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>> {
    return new Promise((resolve, reject) => {
      if (this.stopped) {
        reject(new OracleError(question, 'the oracle was stopped'));
        return;
      }
      this.pending.push({
        id: this.nextId++,
        question,
        resolve: result => resolve(result as AnswerTo<Q>),
        reject,
      });
      this.send();
    });
  }

  /** Asks all of them and gives the outcomes in their order; one that fails does not fail the others. */
  askAll<Q extends Question>(questions: readonly Q[]): Promise<Outcome<Q>[]> {
    return Promise.all(
      questions.map(question =>
        this.ask(question).then(
          (answer): Outcome<Q> => ({ ok: true, answer }),
          (error: Error): Outcome<Q> => ({ ok: false, error }),
        ),
      ),
    );
  }

  /** Ends the process after the questions it has; those not yet sent are refused. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const { question, reject } of this.pending.splice(this.sent)) {
      reject(new OracleError(question, 'the oracle was stopped'));
    }
    await this.process?.finish();
  }

  private send(): void {
    while (this.sent < Math.min(IN_FLIGHT, this.pending.length)) {
      this.process ??= this.start();
      const { id, question } = this.pending[this.sent];
      this.sent += 1;
      this.process.write(JSON.stringify({ id, ...question }));
    }
  }

  private start(): OracleProcess {
    const process: OracleProcess = new OracleProcess(this.program, line =>
      this.receive(process, line),
    );
    process.ended.then(how => this.recover(process, how));
    return process;
  }

  private receive(process: OracleProcess, line: OracleLine): void {
    const first = this.pending[0];
    if (first?.id !== line.id) {
      // Nothing it says from here on could be told whose answer it is.
      process.kill(`it answered question ${line.id}, not ${first?.id}`);
      return;
    }
    this.pending.shift();
    this.sent -= 1;
    if (line.error !== undefined) {
      first.reject(new OracleError(first.question, line.error));
    } else {
      first.resolve(line.result);
    }
    if (!this.stopped) this.send();
  }

  /** It answers in order, so the oldest unanswered question is the one it ended over; the others go to a new process. */
  private recover(process: OracleProcess, how: string): void {
    if (this.process !== process) return;
    this.process = undefined;
    this.sent = 0;
    const first = this.pending.shift();
    first?.reject(new OracleCrash(first.question, how));
    if (this.stopped) {
      for (const { question, reject } of this.pending.splice(0)) {
        reject(new OracleCrash(question, how));
      }
    } else {
      this.send();
    }
  }
}
