import { parseAllDocuments, type Document, type Node } from 'yaml';
import { isEqualJson } from '../changes/buildJsonPatch';
import type { Outcome } from './types';
import { NotEditable, YamlSplicer } from './YamlSplicer';

/** A part of a file: the document, and the keys and indexes that lead to it inside. */
interface Part {
  document: number;
  within: (string | number)[];
}

/**
 * The text with one part of it made to be as desired. Everything else keeps its bytes: comments, order,
 * quotes, indentation, line ends, the other documents.
 *
 * The result is read again: it is answered only where the part is exactly as desired and nothing else
 * of the file says anything new.
 */
export function editManifest(options: {
  text: string;
  part: Part;
  desired: unknown;
}): Outcome<{ text: string }> {
  const { text, part, desired } = options;
  const documents = parseAllDocuments(text) as Document[];
  const node = nodeAt(documents[part.document], part.within);
  const expected = documents.map(document => document.toJS() as unknown);
  const current = valueAt(expected[part.document], part.within);
  try {
    const splicer = new YamlSplicer(text, styleOf(text));
    if (!splicer.edit(node, current, desired)) {
      throw new NotEditable('it would have to be written anew');
    }
    const edited = splicer.result();
    expected[part.document] = withValue(
      expected[part.document],
      part.within,
      desired,
    );
    if (!saysExactly(edited, expected)) {
      throw new NotEditable(
        'the file uses YAML that cannot be edited in place',
      );
    }
    return { ok: true, text: edited };
  } catch (error) {
    if (error instanceof NotEditable) {
      return {
        ok: false,
        problem: { code: 'notEditable', text: error.message },
      };
    }
    throw error;
  }
}

/** The text without one document, or undefined where it is the only one that says anything. */
export function removeDocument(
  text: string,
  index: number,
): Outcome<{ text?: string }> {
  const documents = parseAllDocuments(text) as Document[];
  const values = documents.map(document => document.toJS() as unknown);
  const left = values.filter((_, place) => place !== index);
  if (left.every(value => value === null)) {
    return { ok: true };
  }
  const starts = documentStarts(text);
  // A file that begins with its first document has no marker in front of it.
  const from = starts.length === documents.length ? starts[index] : undefined;
  const to = starts[index + 1] ?? text.length;
  const edited =
    from === undefined ? undefined : text.slice(0, from) + text.slice(to);
  if (edited === undefined || !saysExactly(edited, left)) {
    return {
      ok: false,
      problem: {
        code: 'notEditable',
        text: 'the document cannot be told from those beside it',
      },
    };
  }
  return { ok: true, text: edited };
}

/** Where each document begins, its `---` included. */
function documentStarts(text: string): number[] {
  const markers = [...text.matchAll(/^---(?=\s|$)/gm)].map(
    ({ index }) => index,
  );
  const head = text.slice(0, markers[0] ?? text.length);
  const isBare = head
    .split('\n')
    .some(line => line.trim() !== '' && !line.startsWith('#'));
  return isBare ? [0, ...markers] : markers;
}

function saysExactly(text: string, expected: unknown[]): boolean {
  const documents = parseAllDocuments(text) as Document[];
  return (
    documents.length === expected.length &&
    documents.every(
      (document, index) =>
        document.errors.length === 0 &&
        isEqualJson(document.toJS(), expected[index]),
    )
  );
}

function nodeAt(document: Document, within: Part['within']): Node | null {
  return within.length === 0
    ? document.contents
    : (document.getIn(within, true) as Node | undefined) ?? null;
}

function valueAt(value: unknown, within: Part['within']): unknown {
  return within.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown>)?.[key],
    value,
  );
}

function withValue(
  value: unknown,
  [key, ...rest]: Part['within'],
  desired: unknown,
): unknown {
  if (key === undefined) {
    return desired;
  }
  const copy = (
    Array.isArray(value) ? [...value] : { ...(value as object) }
  ) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, desired);
  return copy;
}

const LIST_BELOW_KEY =
  /^((?:- +| )*)[^\s#-][^\n#]*:[^\S\n]*(?:#[^\n]*)?\n( *)- /m;
const MAP_BELOW_KEY = /^( *)[^\s#-][^\n#]*:[^\S\n]*(?:#[^\n]*)?\n( +)[^\s#-]/m;

/** How the file indents: new lines follow it. */
function styleOf(text: string): { indent: number; indentSeq: boolean } {
  const list = LIST_BELOW_KEY.exec(text);
  const map = MAP_BELOW_KEY.exec(text);
  const step = map ? map[2].length - map[1].length : 2;
  return {
    indent: step > 0 ? step : 2,
    // Kubernetes' own tools put the dash below its key.
    indentSeq: list ? list[2].length > list[1].length : true,
  };
}
