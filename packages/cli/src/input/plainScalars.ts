import { load } from 'js-yaml';
import { YAML_SCHEMA } from './yamlSchema';

/** Says that the other parser must be asked. */
export const UNSURE = Symbol('unsure');

const SPACE = 32;
const COMMENT = 35;
const DASH = 45;
const COLON = 58;

/** Words that are no texts. */
const WORDS = new Map<string, boolean | null>([
  ...['null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['true', 'True', 'TRUE'].map(word => [word, true] as const),
  ...['false', 'False', 'FALSE'].map(word => [word, false] as const),
]);

const COUNT = /^(?:0|[1-9][0-9]{0,14})$/;
const AMOUNT = /^[0-9]+(?:ms|[smh]|[KMG]i)$/;
/** The start of a document, and its end. */
const MARKER = /^(?:---|\.\.\.)/;
const FLOW = /^(?:\[.*\]|\{.*\})$/;
/** A collection as a key. */
const FLOW_KEY = /[\]}]\s*:/;

/** A value that takes the rest of a line, without space in front. */
export function readPlainScalar(text: string): unknown {
  if (isPlain(text)) {
    return isLetter(text.charCodeAt(0)) ? readWord(text) : readNumber(text);
  }
  if (/^(?:"[^"\\]*"|'[^']*')$/.test(text)) return text.slice(1, -1);
  if (text === '{}') return {};
  if (text === '[]') return [];
  return FLOW.test(text) && !FLOW_KEY.test(text) ? readFlow(text) : UNSURE;
}

/** Whether the word is a key as it is written. */
export function isPlainKey(word: string): boolean {
  return isLetter(word.charCodeAt(0)) && readWord(word) === word;
}

/** Whether the text stands for itself: no end of a key or start of a comment inside, no space at its end. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  if (!isStart(first === DASH ? text.charCodeAt(1) : first)) {
    return false;
  }
  let before = first;
  for (let at = 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (
      code === SPACE ? before === COLON : code === COMMENT && before === SPACE
    ) {
      return false;
    }
    before = code;
  }
  return before !== COLON && before !== SPACE;
}

/** No indicator; behind a dash another dash is none. */
function isStart(code: number): boolean {
  return (
    isLetter(code) ||
    // From `-` to `9`, and `+`.
    (code >= 45 && code <= 57) ||
    code === 43
  );
}

/** Or a character that neither an indicator nor a number starts with: `_`, `/`, `$`, `^`, `(`, `=`. */
function isLetter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    '_/$^(='.includes(String.fromCharCode(code))
  );
}

function readWord(text: string): unknown {
  const word = text.length <= 5 ? WORDS.get(text) : undefined;
  return word === undefined ? text : word;
}

/** What looks like a number: `8080`, `3s`, `1.5`, `10.0.0.1`, `0x1f`. */
function readNumber(text: string): unknown {
  if (COUNT.test(text)) return Number(text);
  if (AMOUNT.test(text)) return text;
  return MARKER.test(text) ? UNSURE : readAlone(text);
}

/** Aliases are unknown in it, and an anchor in it is known to nobody who would be read here. */
function readFlow(text: string): unknown {
  const value = readAlone(text);
  return Array.isArray(value) === text.startsWith('[') ? value : UNSURE;
}

function readAlone(text: string): unknown {
  try {
    return load(text, { schema: YAML_SCHEMA });
  } catch {
    return UNSURE;
  }
}
