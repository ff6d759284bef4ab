import { isPlainKey, readPlainScalar, UNSURE } from './plainScalars';

const SPACE = 32;
const COMMENT = 35;
const DASH = 45;
const COLON = 58;

/** Tabs, controls and all that YAML treats in its own way. */
const UNUSUAL = /[^\n\x20-\x7e\u00a1-\u1fff]/;

/** Reads line by line; what stands behind a dash counts as a line that starts there. */
class PlainReader {
  readonly #text: string;
  /** Column of the line's first character; -1 behind the last line. */
  #indent = -1;
  /** Of the line's first character. */
  #start = 0;
  /** Behind the line's last character. */
  #end = -1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    this.#nextLine();
    const value = this.#readBlock();
    return this.#indent === -1 ? value : UNSURE;
  }

  /** Goes to the next line that is neither empty nor a comment. */
  #nextLine(): void {
    const text = this.#text;
    let from = this.#end + 1;
    while (from < text.length) {
      let start = from;
      while (text.charCodeAt(start) === SPACE) start += 1;
      const stop = text.indexOf('\n', start);
      const end = stop < 0 ? text.length : stop;
      if (start < end && text.charCodeAt(start) !== COMMENT) {
        this.#indent = start - from;
        this.#start = start;
        this.#end = end;
        return;
      }
      from = end + 1;
    }
    this.#indent = -1;
  }

  #readBlock(): unknown {
    return this.#isItem(this.#start) ? this.#readList() : this.#readMapping();
  }

  #readMapping(): unknown {
    const column = this.#indent;
    const fields: Record<string, unknown> = {};
    while (this.#indent === column) {
      const colon = this.#findColon(this.#start);
      if (colon < 0) return UNSURE;
      const key = this.#text.slice(this.#start, colon);
      // Known twice, or known to every object.
      if (!isPlainKey(key) || fields[key] !== undefined) return UNSURE;
      const value = this.#readValue(colon + 1, column);
      if (value === UNSURE) return UNSURE;
      fields[key] = value;
    }
    return fields;
  }

  /** What stands behind a key, on its line or below. */
  #readValue(from: number, column: number): unknown {
    const start = this.#skipSpaces(from);
    if (start < this.#end) return this.#readScalar(start, column);
    this.#nextLine();
    if (this.#indent > column) return this.#readBlock();
    return this.#indent === column && this.#isItem(this.#start)
      ? this.#readList()
      : null;
  }

  #readList(): unknown {
    const column = this.#indent;
    const items: unknown[] = [];
    while (this.#indent === column && this.#isItem(this.#start)) {
      const item = this.#readItem(column);
      if (item === UNSURE) return UNSURE;
      items.push(item);
    }
    return items;
  }

  #readItem(column: number): unknown {
    const start = this.#skipSpaces(this.#start + 1);
    if (start === this.#end) {
      this.#nextLine();
      // The other parser takes some items that are nothing for their neighbour's.
      return this.#indent > column ? this.#readBlock() : UNSURE;
    }
    if (this.#isItem(start) || this.#findColon(start) >= 0) {
      this.#indent = column + start - this.#start;
      this.#start = start;
      return this.#readBlock();
    }
    return this.#readScalar(start, column);
  }

  /** A value to the end of its line; one that goes on below is not for us. */
  #readScalar(start: number, column: number): unknown {
    const value = readPlainScalar(this.#text.slice(start, this.#end));
    this.#nextLine();
    return this.#indent > column ? UNSURE : value;
  }

  #isItem(at: number): boolean {
    return (
      this.#text.charCodeAt(at) === DASH &&
      (at + 1 === this.#end || this.#text.charCodeAt(at + 1) === SPACE)
    );
  }

  /** Behind a word that may be a key; -1 where there is none. */
  #findColon(start: number): number {
    let at = start;
    while (isWordCharacter(this.#text.charCodeAt(at))) at += 1;
    return at > start &&
      this.#text.charCodeAt(at) === COLON &&
      (at + 1 === this.#end || this.#text.charCodeAt(at + 1) === SPACE)
      ? at
      : -1;
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (at < this.#end && this.#text.charCodeAt(at) === SPACE) at += 1;
    return at;
  }
}

/**
 * The value of a document that is written as nearly all manifests are: mappings and lists in block style,
 * scalars and flow collections on one line. Undefined for any other, and for one that is wrong: the parser that
 * knows all of YAML, which takes several times as long, is to be asked. What this one answers, that one would.
 */
export function readPlainYaml(text: string): { value: unknown } | undefined {
  if (UNUSUAL.test(text)) {
    return undefined;
  }
  const value = new PlainReader(text).read();
  return value === UNSURE ? undefined : { value };
}

/** Letters, digits, `-`, `.`, `/` and `_`. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 57) ||
    code === 95
  );
}
