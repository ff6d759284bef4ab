import type { Question } from '../types';

/** Stands for a field that the answer does not have, or has empty. */
export const absent = null;

/** An error whose text contains this. */
export interface Refusal {
  refusal: string;
}

/** Expects an error that contains the text. */
export const refusal = (text: string): Refusal => ({ refusal: text });

type Expected = Record<string, unknown> | unknown[] | Refusal;

/**
 * One thing that Istio's documentation says, as a question and what the answer must contain: fields not named
 * do not matter, lists are compared item by item.
 */
export interface Fact {
  name: string;
  question: Question;
  expected: Expected;
}

/** Fields of a question that a fact adds to the usual ones; unchecked, since some facts are about wrong ones. */
type Fields = Record<string, unknown>;

/** A route to subsets of reviews with these weights. */
export function to(...targets: Array<[subset: string, weight: number]>) {
  return {
    outcome: 'routed',
    clusters: targets.map(([subset, weight]) => ({
      subset: subset || absent,
      weight,
    })),
  };
}

/** A list of facts and a verb per kind of question that adds one. */
export function collectFacts() {
  const facts: Fact[] = [];
  const ask = (
    name: string,
    op: string,
    yaml: string,
    expected: Expected,
    fields: Fields = {},
  ) => {
    facts.push({
      name,
      question: { op, yaml, ...fields } as unknown as Question,
      expected,
    });
  };
  return {
    facts,
    ask,
    route(name: string, yaml: string, expected: Expected, fields: Fields = {}) {
      const { pod = 'client', ns = 'default', ...rest } = fields;
      const usual = { from: { ns, pod }, host: 'reviews', port: 80 };
      ask(name, 'route', yaml, expected, { ...usual, ...rest });
    },
    mtls: (name: string, yaml: string, expected: Expected, fields: Fields) =>
      ask(name, 'mtls', yaml, expected, fields),
    authz(
      name: string,
      yaml: string,
      { decision, policies, ...fields }: Fields,
    ) {
      const usual = {
        server: { pod: 'reviews-v1' },
        port: 8080,
        host: 'reviews',
      };
      const expected = { decision, ...(policies ? { policies } : {}) };
      ask(name, 'authz', yaml, expected, { ...usual, ...fields });
    },
    validate: (name: string, yaml: string, ...verdicts: unknown[]) =>
      ask(name, 'validate', yaml, verdicts),
    analyze(name: string, yaml: string, codes: string[], fields: Fields = {}) {
      const messages = codes.map(code => ({ code }));
      ask(name, 'analyze', yaml, { messages }, fields);
    },
  };
}

/** Where the answer is not what the fact says, one line per place; empty if it holds. */
export function differencesOf(
  expected: unknown,
  actual: unknown,
  path = 'answer',
): string[] {
  const shown = JSON.stringify(actual);
  if (expected === absent) {
    const empty =
      actual === undefined ||
      actual === absent ||
      actual === '' ||
      (Array.isArray(actual) && actual.length === 0);
    return empty ? [] : [`${path} should be absent, it is ${shown}`];
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [`${path} should have ${expected.length} items, it is ${shown}`];
    }
    return expected.flatMap((item, index) =>
      differencesOf(item, actual[index], `${path}[${index}]`),
    );
  }
  if (typeof expected === 'object') {
    if (typeof actual !== 'object' || actual === null) {
      return [`${path} should be an object, it is ${shown}`];
    }
    const fields = actual as Record<string, unknown>;
    return Object.entries(expected as object).flatMap(([key, value]) =>
      differencesOf(value, fields[key], `${path}.${key}`),
    );
  }
  return expected === actual
    ? []
    : [`${path} should be ${JSON.stringify(expected)}, it is ${shown}`];
}
