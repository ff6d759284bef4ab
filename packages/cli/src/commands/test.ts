import { MeshSnapshot } from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { choiceFlag, requiredFlag } from '../arguments/readFlags';
import { answerAuthz } from '../answers/answerAuthz';
import { answerMtls } from '../answers/answerMtls';
import { answerRoute } from '../answers/answerRoute';
import { Answer, Answerer } from '../answers/types';
import { BadInput } from '../BadInput';
import { loadMesh } from '../input/loadMesh';
import { readFile } from '../input/readFiles';
import { presentCases } from '../output/presentCases';
import { ExitCode, Terminal } from '../types';
import { compareExpected } from './compareExpected';
import { QuestionKind, readCases, TestCase } from './readCases';

const ANSWERERS: Readonly<Record<QuestionKind, Answerer>> = {
  route: answerRoute,
  mtls: answerMtls,
  authz: answerAuthz,
};

/** A case with its answer. */
export interface CaseResult {
  test: TestCase;
  answer: Answer;
  /** Where it is not what was expected. */
  differences: string[];
}

/** Asks every case of the file, and holds the answers against what is expected. */
export function test(options: CommandOptions, terminal: Terminal): ExitCode {
  const { values } = options;
  const output = choiceFlag(values, 'output', ['text', 'json', 'junit']);
  const file = readFile(requiredFlag(values, 'expect'), terminal);
  const cases = readCases(file);
  const snapshot = loadMesh(options, terminal);
  const results = cases.map(each => runCase(snapshot, each, file.name));
  terminal.out(presentCases(results, output));
  return results.some(({ differences }) => differences.length > 0) ? 1 : 0;
}

function runCase(
  snapshot: MeshSnapshot,
  given: TestCase,
  file: string,
): CaseResult {
  const answer = ask(snapshot, given, file);
  return {
    test: given,
    answer,
    differences:
      given.expect === undefined
        ? []
        : compareExpected(given.expect, answer.json),
  };
}

/** A question that cannot be asked is told with its case, in the fields' names. */
function ask(snapshot: MeshSnapshot, given: TestCase, file: string): Answer {
  try {
    return ANSWERERS[given.kind](snapshot, given.values);
  } catch (error) {
    throw error instanceof BadInput
      ? new BadInput(
          `${file}: case "${given.name}": ${given.kind}.${error.message.replace(
            /^--/,
            '',
          )}`,
        )
      : error;
  }
}
