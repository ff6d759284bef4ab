import type { Question } from './types';

const SHOWN = 300;

/** A question that got no answer; the message names it and says why in the oracle's words. */
export class OracleError extends Error {
  override name = 'OracleError';
  readonly question: Question;

  constructor(question: Question, why: string) {
    super(`${describeQuestion(question)}: ${why}`);
    this.question = question;
  }
}

/** The oracle's process ended while this question was the oldest one unanswered. */
export class OracleCrash extends OracleError {
  override name = 'OracleCrash';
}

/** The question without its world, which is long. */
function describeQuestion({ yaml, ...asked }: Question): string {
  const text = JSON.stringify(asked);
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `${short} about a world of ${yaml.length} characters`;
}
