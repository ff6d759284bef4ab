/** One document of a YAML stream. */
export interface DocumentText {
  text: string;
  /** From 1. */
  document: number;
  /** Line of the file on which the text starts, from 1. */
  line: number;
}

/**
 * The documents of a YAML stream with their places. The parser would split them too, but tells places from
 * the start of the stream only for syntax errors.
 */
export function splitDocuments(text: string): DocumentText[] {
  const found: { lines: string[]; line: number }[] = [{ lines: [], line: 1 }];
  text.split(/\r?\n/).forEach((line, index) => {
    const current = found[found.length - 1];
    if (/^---(\s|$)/.test(line)) {
      // What stands behind the marker belongs to the document.
      found.push({ lines: [`   ${line.slice(3)}`], line: index + 1 });
    } else if (/^\.\.\.\s*$/.test(line)) {
      found.push({ lines: [], line: index + 2 });
    } else {
      current.lines.push(/^%(YAML|TAG)\s/.test(line) ? '' : line);
    }
  });
  return found
    .filter(({ lines }) => lines.some(line => !/^\s*(#.*)?$/.test(line)))
    .map(({ lines, line }, index) => ({
      text: lines.join('\n'),
      document: index + 1,
      line,
    }));
}
