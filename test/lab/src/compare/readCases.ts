import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { WORKLOAD_NAMES } from './baseObjects';
import { COMPARE_FOLDER } from './compareFolder';
import type { AskedQuestion, ComparisonCase } from './types';

const FOLDER = join(COMPARE_FOLDER, 'cases');
const KINDS = ['route', 'mtls', 'authz'];

/** Every case of `cases/*.yaml`, by file name. @throws Error naming file and field of what cannot be asked */
export function readCases(): ComparisonCase[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .map(file => readCase(file, readFileSync(join(FOLDER, file), 'utf8')));
}

/** @throws Error naming file and field */
export function readCase(file: string, text: string): ComparisonCase {
  const found = load(text) as Partial<ComparisonCase> | null;
  const fail = (field: string, allowed: string): never => {
    throw new Error(`${file}: ${field} ${allowed}`);
  };
  const { name, config, questions } = found ?? {};
  if (!name) return fail('name', 'must say what the case is about');
  if (typeof config !== 'string') return fail('config', 'must be YAML text');
  if (!questions?.length) return fail('questions', 'must not be empty');
  questions.forEach((asked, index) => {
    const problem = findProblem(asked);
    if (problem) fail(`questions[${index}].${problem.field}`, problem.allowed);
  });
  return { name, config, questions };
}

function findProblem({ question, expect, differs }: AskedQuestion) {
  if (!question || !KINDS.includes(question.ask)) {
    return {
      field: 'question.ask',
      allowed: `must be one of ${KINDS.join(', ')}`,
    };
  }
  for (const field of ['from', 'to'] as const) {
    const name = (question as unknown as Record<string, unknown>)[field];
    if (name !== undefined && !WORKLOAD_NAMES.includes(String(name))) {
      return {
        field: `question.${field}`,
        allowed: `must be one of ${WORKLOAD_NAMES.join(', ')}`,
      };
    }
  }
  if (!expect) return { field: 'expect', allowed: 'must be a verdict' };
  if (differs && !(differs.oracle && differs.cause && differs.source)) {
    return {
      field: 'differs',
      allowed: "needs the oracle's verdict, the cause and its source",
    };
  }
  return undefined;
}
