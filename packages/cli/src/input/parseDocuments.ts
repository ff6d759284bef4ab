import { load, YAMLException } from 'js-yaml';
import { BadInput } from '../BadInput';
import { expandedSize } from './expandedSize';
import { readPlainYaml } from './readPlainYaml';
import { splitDocuments } from './splitDocuments';
import { YAML_SCHEMA } from './yamlSchema';

/** Far more than any object has that an API server takes. */
const MOST_VALUES = 1_000_000;

/** A parsed document and its place. */
export interface ParsedDocument {
  value: unknown;
  file: string;
  /** From 1. */
  document: number;
  line: number;
}

/** All documents of a file; JSON by its own grammar, which YAML does not quite contain. */
export function parseDocuments(file: string, text: string): ParsedDocument[] {
  const plain = withoutMark(text);
  const asJson = /\.json$/i.test(file) || /^\s*[{[]/.test(plain);
  if (asJson) {
    const parsed = parseJson(file, plain);
    if (parsed) {
      return [parsed];
    }
  }
  return splitDocuments(plain).map(({ text: part, document, line }) => ({
    value: readYaml(part, { file, document, line }),
    file,
    document,
    line,
  }));
}

/** Without the byte order mark that some editors write. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Undefined for text that only looks like JSON: YAML in flow style, or several documents. */
function parseJson(file: string, text: string): ParsedDocument | undefined {
  try {
    return { value: JSON.parse(text) as unknown, file, document: 1, line: 1 };
  } catch {
    return undefined;
  }
}

function readYaml(
  text: string,
  place: { file: string; document: number; line: number },
): unknown {
  const plain = readPlainYaml(text);
  return plain ? plain.value : parseYaml(text, place);
}

function parseYaml(
  text: string,
  place: { file: string; document: number; line: number },
): unknown {
  try {
    return withinReason(load(text, { schema: YAML_SCHEMA }), place);
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      throw error;
    }
    const line = place.line + (error.mark?.line ?? 0);
    throw BadInput.at({ ...place, line }, error.reason);
  }
}

/** A few aliases of aliases become more than any memory holds. */
function withinReason(
  value: unknown,
  place: { file: string; document: number; line: number },
): unknown {
  if (expandedSize(value) > MOST_VALUES) {
    throw BadInput.at(
      place,
      `its aliases make more than ${MOST_VALUES.toLocaleString(
        'en-US',
      )} values of it`,
    );
  }
  return value;
}
