import { isObject, type JsonObject } from '../json';

/**
 * A set of field paths as `managedFields` writes them. Keys are path elements: `f:name`, `k:{"name":"a"}` (item of a
 * list with keys), `v:"a"` (item of a set). A node is a member itself, or leads to members, or both.
 * Sets are immutable: every operation returns a new one.
 */
export class FieldSet {
  static readonly EMPTY = new FieldSet(false, new Map());

  private constructor(
    readonly member: boolean,
    readonly children: ReadonlyMap<string, FieldSet>,
  ) {}

  static of(member: boolean, children: Map<string, FieldSet>): FieldSet {
    for (const [key, child] of children) {
      if (child.isEmpty()) {
        children.delete(key);
      }
    }
    return member || children.size > 0
      ? new FieldSet(member, children)
      : FieldSet.EMPTY;
  }

  static leaf(): FieldSet {
    return new FieldSet(true, new Map());
  }

  /** Reads `fieldsV1`. */
  static parse(fields: JsonObject): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [key, value] of Object.entries(fields)) {
      if (key !== '.' && isObject(value)) {
        const child = FieldSet.parse(value);
        children.set(
          key,
          Object.keys(value).length === 0
            ? FieldSet.leaf()
            : FieldSet.of('.' in value, new Map(child.children)),
        );
      }
    }
    return FieldSet.of('.' in fields, children);
  }

  /** Writes `fieldsV1`. */
  toJson(): JsonObject {
    const result: JsonObject = {};
    if (this.member && this.children.size > 0) {
      result['.'] = {};
    }
    for (const key of [...this.children.keys()].sort()) {
      result[key] = this.children.get(key)!.toJson();
    }
    return result;
  }

  isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  child(key: string): FieldSet {
    return this.children.get(key) ?? FieldSet.EMPTY;
  }

  union(other: FieldSet): FieldSet {
    const children = new Map(this.children);
    for (const [key, child] of other.children) {
      children.set(key, this.child(key).union(child));
    }
    return FieldSet.of(this.member || other.member, children);
  }

  intersection(other: FieldSet): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [key, child] of this.children) {
      children.set(key, child.intersection(other.child(key)));
    }
    return FieldSet.of(this.member && other.member, children);
  }

  difference(other: FieldSet): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [key, child] of this.children) {
      children.set(key, child.difference(other.child(key)));
    }
    return FieldSet.of(this.member && !other.member, children);
  }

  /** Without the given path and everything below it. */
  without(path: string[]): FieldSet {
    const [key, ...rest] = path;
    const found = this.children.get(key);
    if (!found) {
      return this;
    }
    const children = new Map(this.children);
    if (rest.length === 0) {
      children.delete(key);
    } else {
      children.set(key, found.without(rest));
    }
    return FieldSet.of(this.member, children);
  }

  /** Every struct field on the way to a member becomes a member itself; list items do not. */
  withNamedParents(): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [key, child] of this.children) {
      const filled = child.withNamedParents();
      children.set(
        key,
        key.startsWith('f:')
          ? FieldSet.of(true, new Map(filled.children))
          : filled,
      );
    }
    return FieldSet.of(this.member, children);
  }

  /** Members as the API server prints them: `.spec.http`, `.spec.ports[port=80].name`. */
  paths(prefix = ''): string[] {
    const own = this.member && prefix !== '' ? [prefix] : [];
    const below = [...this.children.keys()]
      .sort()
      .flatMap(key =>
        this.children.get(key)!.paths(`${prefix}${printElement(key)}`),
      );
    return [...own, ...below];
  }

  equals(other: FieldSet): boolean {
    return this.difference(other).isEmpty() && other.difference(this).isEmpty();
  }
}

function printElement(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith('f:')) {
    return `.${rest}`;
  }
  if (key.startsWith('k:')) {
    const parts = Object.entries(JSON.parse(rest) as JsonObject);
    const text = parts.map(
      ([name, value]) => `${name}=${JSON.stringify(value)}`,
    );
    return `[${text.join(',')}]`;
  }
  return key.startsWith('v:') ? `[=${rest}]` : `[${rest}]`;
}
