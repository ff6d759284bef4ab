import { BadInput } from '../BadInput';
import { CommandOptions } from '../arguments/options';
import { parseDocuments } from '../input/parseDocuments';
import { InputFile } from '../input/readFiles';

/** What a case may ask. */
export const QUESTIONS = ['route', 'mtls', 'authz'] as const;
export type QuestionKind = (typeof QUESTIONS)[number];

/** One case of a file of expectations. */
export interface TestCase {
  name: string;
  kind: QuestionKind;
  /** As if given as flags. */
  values: CommandOptions['values'];
  /** Undefined: the case just answers. */
  expect?: unknown;
}

/** The flags a question may have. */
const FIELDS: Readonly<Record<QuestionKind, readonly string[]>> = {
  route: [
    'from',
    'gateway',
    'host',
    'port',
    'method',
    'path',
    'header',
    'protocol',
  ],
  mtls: ['to', 'port', 'from'],
  authz: [
    'from',
    'from-ip',
    'from-workload',
    'to',
    'port',
    'method',
    'path',
    'host',
    'header',
    'claim',
    'protocol',
  ],
};

type Raw = Readonly<Record<string, unknown>>;

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The cases of a file; throws `BadInput` that names the case and the field. */
export function readCases(file: InputFile): TestCase[] {
  return parseDocuments(file.name, file.text).flatMap(document => {
    const { value } = document;
    if (!isRaw(value) || !Array.isArray(value.cases)) {
      throw BadInput.at(document, 'must have a list "cases"');
    }
    return value.cases.map((item: unknown, index) =>
      readCase(item, message =>
        BadInput.at(document, `cases[${index}]${message}`),
      ),
    );
  });
}

function readCase(
  item: unknown,
  fail: (message: string) => BadInput,
): TestCase {
  if (!isRaw(item)) {
    throw fail(': must be an object');
  }
  const { name, expect, ...rest } = item;
  if (typeof name !== 'string' || name === '') {
    throw fail('.name: is required and must be text');
  }
  const kinds = QUESTIONS.filter(kind => kind in item);
  const unknown = Object.keys(rest).filter(
    key => !(QUESTIONS as readonly string[]).includes(key),
  );
  if (kinds.length !== 1 || unknown.length > 0) {
    throw fail(
      ` "${name}": must have exactly one of ${QUESTIONS.join(', ')}, ${
        unknown.length > 0 ? `and does not know ${unknown.join(', ')}` : ''
      }`.replace(/, $/, ''),
    );
  }
  const [kind] = kinds;
  const question = item[kind];
  if (!isRaw(question)) {
    throw fail(`.${kind}: must be an object`);
  }
  const test: TestCase = {
    name,
    kind,
    values: readValues(question, kind, fail),
  };
  return expect === undefined ? test : { ...test, expect };
}

/** `fromIp` is `from-ip`; `headers` and `claims` may be maps. */
function readValues(
  question: Raw,
  kind: QuestionKind,
  fail: (message: string) => BadInput,
): CommandOptions['values'] {
  return Object.fromEntries(
    Object.entries(question).map(([key, value]) => {
      const dashed = key.replace(
        /[A-Z]/g,
        letter => `-${letter.toLowerCase()}`,
      );
      const flag = /^(header|claim)s$/.test(dashed)
        ? dashed.slice(0, -1)
        : dashed;
      if (!FIELDS[kind].includes(flag)) {
        throw fail(
          `.${kind}.${key}: is not known; there are ${FIELDS[kind].join(', ')}`,
        );
      }
      const read =
        flag === 'header' || flag === 'claim'
          ? readPairs(value)
          : readText(value);
      if (read === undefined) {
        throw fail(
          `.${kind}.${key}: must be ${
            flag === 'header' || flag === 'claim' ? 'a map' : 'text'
          }`,
        );
      }
      return [flag, read];
    }),
  );
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}

/** `K=V` texts, as flags are; a claim that is no text is written as JSON. */
function readPairs(value: unknown): string[] | undefined {
  if (Array.isArray(value)) {
    return value.every(item => typeof item === 'string')
      ? (value as string[])
      : undefined;
  }
  return isRaw(value)
    ? Object.entries(value).map(
        ([name, item]) =>
          `${name}=${typeof item === 'string' ? item : JSON.stringify(item)}`,
      )
    : undefined;
}
