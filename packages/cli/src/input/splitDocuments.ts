/** One document of a YAML stream. */
export interface DocumentText {
  text: string;
  /** From 1. */
  document: number;
  /** Line of the file on which the text starts, from 1. */
  line: number;
}

type Part = Omit<DocumentText, 'document'>;

const START = /^---(?=\s|$)/gm;
/** Lines that hardly any manifest has: the end of a document, a directive. */
const RARE = /^(?:\.\.\.\s*$|%(?:YAML|TAG)\s)/m;
/** A line that is neither empty nor a comment. */
const CONTENT = /^[^\S\n]*[^\s#]/m;

/**
 * The documents of a YAML stream with their places. The parser would split them too, but tells places from
 * the start of the stream only for syntax errors.
 */
export function splitDocuments(stream: string): DocumentText[] {
  const text = stream.includes('\r') ? stream.replace(/\r\n/g, '\n') : stream;
  const parts = RARE.test(text) ? splitByLine(text) : splitAtStarts(text);
  return parts
    .filter(part => CONTENT.test(part.text))
    .map((part, index) => ({ ...part, document: index + 1 }));
}

function splitAtStarts(text: string): Part[] {
  const starts = [...text.matchAll(START)].map(({ index }) => index);
  const [first = text.length + 1] = starts;
  const parts: Part[] = [
    { text: text.slice(0, Math.max(0, first - 1)), line: 1 },
  ];
  let line = 1;
  let counted = 0;
  for (const [number, start] of starts.entries()) {
    line += countLines(text, counted, start);
    counted = start;
    const end = (starts[number + 1] ?? text.length + 1) - 1;
    parts.push({ text: behindMarker(text.slice(start, end)), line });
  }
  return parts;
}

/** What stands behind the marker belongs to the document. */
function behindMarker(text: string): string {
  const rest = text.slice(3);
  return rest === '' || rest.startsWith('\n') ? rest : `   ${rest}`;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  let at = text.indexOf('\n', from);
  while (at >= 0 && at < to) {
    lines += 1;
    at = text.indexOf('\n', at + 1);
  }
  return lines;
}

function splitByLine(text: string): Part[] {
  const found: { lines: string[]; line: number }[] = [{ lines: [], line: 1 }];
  text.split('\n').forEach((line, index) => {
    const current = found[found.length - 1];
    if (/^---(\s|$)/.test(line)) {
      found.push({ lines: [behindMarker(line)], line: index + 1 });
    } else if (/^\.\.\.\s*$/.test(line)) {
      found.push({ lines: [], line: index + 2 });
    } else {
      current.lines.push(/^%(YAML|TAG)\s/.test(line) ? '' : line);
    }
  });
  return found.map(({ lines, line }) => ({ text: lines.join('\n'), line }));
}
