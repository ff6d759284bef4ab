/** Collects what is wrong with an object; each line once. */
export class Report {
  /** Made for the first of them: hardly an object has any. */
  private errorLines: Set<string> | undefined;
  private warningLines: Set<string> | undefined;

  error(line: string): void {
    this.errorLines ??= new Set();
    this.errorLines.add(line);
  }

  warn(line: string): void {
    this.warningLines ??= new Set();
    this.warningLines.add(line);
  }

  get errors(): string[] {
    return [...(this.errorLines ?? [])];
  }

  get warnings(): string[] {
    return [...(this.warningLines ?? [])];
  }
}

/**
 * A value with its path, read the way Istio reads JSON into its messages: an absent field, `null` and
 * the zero value are the same, an empty list is no list, `null` inside a list or map is an empty
 * message, and a value of another type is an error.
 */
export class Field {
  private readonly value: unknown;

  /** @param key - under its parent: a name, or a number in a list */
  constructor(
    value: unknown,
    private readonly key: string | number,
    private readonly report: Report,
    private readonly parent?: Field,
  ) {
    this.value = value ?? undefined;
  }

  /** Put together when somebody asks: of thousands of fields hardly one is complained of. */
  get path(): string {
    if (!this.parent) {
      return String(this.key);
    }
    return typeof this.key === 'number'
      ? `${this.parent.path}[${this.key}]`
      : `${this.parent.path}.${this.key}`;
  }

  get isSet(): boolean {
    return this.value !== undefined;
  }

  /** A field of a map; an absent one when this is no map. */
  at(name: string): Field {
    const map = this.asMap();
    return new Field(
      map && Object.hasOwn(map, name) ? map[name] : undefined,
      name,
      this.report,
      this,
    );
  }

  /** Another value at the same path: the key of a map, judged by the rules for a value. */
  withValue(value: unknown): Field {
    return new Field(value, this.key, this.report, this.parent);
  }

  items(): Field[] {
    if (!this.isSet) {
      return [];
    }
    if (!Array.isArray(this.value)) {
      this.error('must be a list');
      return [];
    }
    return this.value.map(
      (item, index) => new Field(item ?? {}, index, this.report, this),
    );
  }

  entries(): [string, Field][] {
    const map = this.asMap();
    return map === undefined
      ? []
      : Object.entries(map).map(([key, item]) => [
          key,
          new Field(item ?? {}, key, this.report, this),
        ]);
  }

  text(): string {
    if (!this.isSet) {
      return '';
    }
    if (typeof this.value !== 'string') {
      this.error('must be text');
      return '';
    }
    return this.value;
  }

  texts(): string[] {
    return this.items().map(item => item.text());
  }

  number(): number {
    if (!this.isSet) {
      return 0;
    }
    const number = Number(this.value);
    if (
      !['number', 'string'].includes(typeof this.value) ||
      this.value === '' ||
      !Number.isFinite(number)
    ) {
      this.error('must be a number');
      return 0;
    }
    return number;
  }

  flag(): boolean {
    if (this.isSet && typeof this.value !== 'boolean') {
      this.error('must be true or false');
    }
    return this.value === true;
  }

  /** One of the names, the first where none is written. */
  choice<T extends string>(names: readonly T[]): T {
    const written = this.text();
    const known = names.find(name => name === written);
    // An empty text is no name, though an absent one is the first.
    if (typeof this.value === 'string' && known === undefined) {
      this.error(`must be one of ${names.join(', ')}, it is ${quote(written)}`);
    }
    return known ?? names[0];
  }

  error(message: string): void {
    this.report.error(`${this.path}: ${message}`);
  }

  warn(message: string): void {
    this.report.warn(`${this.path}: ${message}`);
  }

  private asMap(): Record<string, unknown> | undefined {
    if (!this.isSet) {
      return undefined;
    }
    if (typeof this.value !== 'object' || Array.isArray(this.value)) {
      this.error('must be an object');
      return undefined;
    }
    return this.value as Record<string, unknown>;
  }
}

/** A user's value inside a message, cut where it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
