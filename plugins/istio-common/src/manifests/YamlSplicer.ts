import {
  Document,
  isAlias,
  isMap as isYamlMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isEqualJson } from '../changes/buildJsonPatch';
import { alignLists, isMap, type JsonMap } from './json';

/** A part of the text that is replaced; start and end in characters. */
interface Splice {
  start: number;
  end: number;
  text: string;
}

/** What cannot be edited where it stands. */
export class NotEditable extends Error {}

type YamlPair = Pair<Node, Node | null>;

/**
 * Edits parsed YAML by replacing pieces of its text, so that everything else keeps its bytes: comments,
 * order, quotes, indentation, other documents.
 *
 * Throws {@link NotEditable} for what has no text of its own (aliases). The caller reads the result
 * again and compares; this class need not know every corner of YAML to be safe.
 */
export class YamlSplicer {
  private readonly splices: Splice[] = [];
  private readonly newline: string;

  constructor(
    private readonly text: string,
    private readonly style: { indent: number; indentSeq: boolean },
  ) {
    this.newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** The text with all edits. */
  result(): string {
    // From the end, so that places stay valid; what was noted first at one place stands first.
    return [...this.splices]
      .reverse()
      .sort((a, b) => b.start - a.start || b.end - a.end)
      .reduce(
        (text, { start, end, text: inserted }) =>
          text.slice(0, start) + inserted + text.slice(end),
        this.text,
      );
  }

  /** False when the node has to be written anew, which is up to who holds it. */
  edit(node: Node | null, current: unknown, desired: unknown): boolean {
    if (isEqualJson(current, desired)) {
      return true;
    }
    if (node === null || isAlias(node)) {
      throw new NotEditable('an alias stands where the change belongs');
    }
    if (isYamlMap(node) && isMap(current) && isMap(desired)) {
      return this.editMap(node as YAMLMap<Node, Node | null>, current, desired);
    }
    if (isSeq(node) && Array.isArray(current) && Array.isArray(desired)) {
      return this.editList(node as YAMLSeq<Node>, current, desired);
    }
    return isScalar(node) && this.editScalar(node, desired);
  }

  private editScalar(node: Scalar, desired: unknown): boolean {
    const [start, end] = node.range ?? [0, 0];
    if (
      typeof desired === 'object' ||
      start === end ||
      node.type === 'BLOCK_FOLDED' ||
      node.type === 'BLOCK_LITERAL'
    ) {
      return false;
    }
    this.splices.push({ start, end, text: writeScalar(desired, node.type) });
    return true;
  }

  private editMap(
    map: YAMLMap<Node, Node | null>,
    current: JsonMap,
    desired: JsonMap,
  ): boolean {
    const gone = Object.keys(current).filter(key => !(key in desired));
    const added = Object.keys(desired).filter(key => !(key in current));
    if (map.flow) {
      return (
        gone.length === 0 &&
        added.length === 0 &&
        this.attempt(() =>
          map.items.every(pair => {
            const key = keyOf(pair);
            return this.edit(pair.value, current[key], desired[key]);
          }),
        )
      );
    }
    if (gone.length === map.items.length) {
      return false;
    }
    if (map.items.some(pair => !isScalar(pair.key) || keyOf(pair) === '<<')) {
      throw new NotEditable('a merge key or a complex key stands beside it');
    }
    const pairs = map.items as YamlPair[];
    pairs.forEach((pair, index) => {
      const key = keyOf(pair);
      if (gone.includes(key)) {
        this.removePair(pairs, index, gone);
      } else if (
        !this.attempt(() => this.edit(pair.value, current[key], desired[key]))
      ) {
        this.replacePair(pair, desired[key]);
      }
    });
    if (added.length > 0) {
      const last = pairs[pairs.length - 1];
      this.insertLines(
        this.lineEnd(this.endOfPair(last)),
        this.columnOf(startOf(pairs[0].key)),
        Object.fromEntries(added.map(key => [key, desired[key]])),
      );
    }
    return true;
  }

  private replacePair(pair: YamlPair, value: unknown): void {
    const start = startOf(pair.key);
    const end = this.endOfPair(pair);
    const flow =
      pair.value && (isYamlMap(pair.value) || isSeq(pair.value))
        ? pair.value.flow
        : false;
    const lines = this.format({ [keyOf(pair)]: value }, flow);
    this.splices.push({
      start,
      // What follows on the line is a comment, and stays.
      end: this.text[end - 1] === '\n' ? this.lineBreakBefore(end) : end,
      text: this.indented(lines, this.columnOf(start)),
    });
  }

  private removePair(pairs: YamlPair[], index: number, gone: string[]): void {
    const start = startOf(pairs[index].key);
    const lineStart = this.lineStart(start);
    if (this.text.slice(lineStart, start).trim() === '') {
      this.splices.push({
        start: lineStart,
        end: this.lineEnd(this.endOfPair(pairs[index])),
        text: '',
      });
      return;
    }
    // It stands behind a dash, where the next one that stays takes its place.
    const next = pairs.slice(index).find(pair => !gone.includes(keyOf(pair)));
    if (!next || pairs.indexOf(next) !== index + 1) {
      throw new NotEditable('the first fields of a list item go');
    }
    this.splices.push({ start, end: startOf(next.key), text: '' });
  }

  private editList(
    list: YAMLSeq<Node>,
    current: unknown[],
    desired: unknown[],
  ): boolean {
    const pairs = alignLists(current, desired);
    const keeps = pairs.every(
      ([from, to]) => from !== undefined && to !== undefined,
    );
    if (list.flow) {
      return (
        keeps &&
        this.attempt(() =>
          pairs.every(([from = 0, to = 0]) =>
            this.edit(list.items[from], current[from], desired[to]),
          ),
        )
      );
    }
    if (desired.length === 0 || list.items.length === 0) {
      return false;
    }
    const dashes = list.items.map(item => this.dashBefore(startOf(item)));
    if (dashes.some(dash => !this.isFirstOnLine(dash))) {
      return keeps && this.editItems(list, pairs, { current, desired });
    }
    const column = this.columnOf(dashes[0]);
    let place = this.lineStart(dashes[0]);
    for (const [from, to] of pairs) {
      if (from === undefined) {
        this.insertLines(place, column, [desired[to ?? 0]]);
      } else {
        const start = this.lineStart(dashes[from]);
        const end = this.lineEnd(this.endOf(list.items[from]));
        const item = list.items[from];
        if (to === undefined) {
          this.splices.push({ start, end, text: '' });
        } else if (
          !this.attempt(() => this.edit(item, current[from], desired[to]))
        ) {
          this.splices.push({
            start,
            end,
            text: this.asLines([desired[to]], column),
          });
        }
        place = end;
      }
    }
    return true;
  }

  private editItems(
    list: YAMLSeq<Node>,
    pairs: ReturnType<typeof alignLists>,
    values: { current: unknown[]; desired: unknown[] },
  ): boolean {
    return this.attempt(() =>
      pairs.every(([from = 0, to = 0]) =>
        this.edit(list.items[from], values.current[from], values.desired[to]),
      ),
    );
  }

  /** Takes back what was noted when not all of it can be done. */
  private attempt(run: () => boolean): boolean {
    const noted = this.splices.length;
    const done = run();
    if (!done) {
      this.splices.length = noted;
    }
    return done;
  }

  private insertLines(at: number, column: number, value: unknown): void {
    const open = at > 0 && this.text[at - 1] !== '\n';
    this.splices.push({
      start: at,
      end: at,
      text: open
        ? this.newline + this.asLines(value, column).trimEnd()
        : this.asLines(value, column),
    });
  }

  private asLines(value: unknown, column: number): string {
    return (
      ' '.repeat(column) +
      this.indented(this.format(value), column) +
      this.newline
    );
  }

  private indented(lines: string[], column: number): string {
    return lines
      .map((line, index) =>
        index === 0 || line === '' ? line : ' '.repeat(column) + line,
      )
      .join(this.newline);
  }

  private format(value: unknown, isFlow = false): string[] {
    // Quotes what Kubernetes, which reads YAML 1.1, would take for something else.
    const document = new Document(value, {
      schema: 'yaml-1.1',
      aliasDuplicateObjects: false,
    });
    const [pair] = isYamlMap(document.contents) ? document.contents.items : [];
    if (isFlow && (isYamlMap(pair?.value) || isSeq(pair?.value))) {
      pair.value.flow = true;
    }
    return document
      .toString({ ...this.style, lineWidth: 0 })
      .trimEnd()
      .split('\n');
  }

  private endOfPair(pair: YamlPair): number {
    return pair.value?.range
      ? this.endOf(pair.value)
      : (pair.key.range?.[1] ?? 0) + 1;
  }

  private endOf(node: Node): number {
    if (isYamlMap(node) && !node.flow && node.items.length > 0) {
      return this.endOfPair(node.items[node.items.length - 1] as YamlPair);
    }
    if (isSeq(node) && !node.flow && node.items.length > 0) {
      return this.endOf(node.items[node.items.length - 1] as Node);
    }
    return node.range?.[1] ?? 0;
  }

  private lineStart(at: number): number {
    return this.text.lastIndexOf('\n', at - 1) + 1;
  }

  /** Behind the line break of the line that ends at or after this place. */
  private lineEnd(at: number): number {
    if (at > 0 && this.text[at - 1] === '\n') {
      return at;
    }
    const end = this.text.indexOf('\n', at);
    return end === -1 ? this.text.length : end + 1;
  }

  private lineBreakBefore(end: number): number {
    return this.text[end - 2] === '\r' ? end - 2 : end - 1;
  }

  private columnOf(at: number): number {
    return at - this.lineStart(at);
  }

  private dashBefore(at: number): number {
    return this.text.lastIndexOf('-', at - 1);
  }

  private isFirstOnLine(at: number): boolean {
    return this.text.slice(this.lineStart(at), at).trim() === '';
  }
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function keyOf(pair: Pair<Node, Node | null>): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function writeScalar(value: unknown, type: Scalar['type']): string {
  if (typeof value === 'string' && type === 'QUOTE_DOUBLE') {
    return JSON.stringify(value);
  }
  if (
    typeof value === 'string' &&
    type === 'QUOTE_SINGLE' &&
    !/[\n\r\t]/.test(value)
  ) {
    return `'${value.replace(/'/g, "''")}'`;
  }
  return new Document([value], { schema: 'yaml-1.1' })
    .toString({
      lineWidth: 0,
      collectionStyle: 'flow',
      flowCollectionPadding: false,
    })
    .trimEnd()
    .slice(1, -1);
}
