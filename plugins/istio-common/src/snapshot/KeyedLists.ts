/** Puts items under their keys. */
type EntryWriter<T> = (put: (key: string, item: T) => void) => void;

/** Lists in the order of the comparison, or else of their making. */
type Compare<T> = (a: T, b: T) => number;

/** Changed lists beside the others from which on looking into both costs more than putting them together. */
const MOST_CHANGED = 256;
const NONE: readonly never[] = Object.freeze([]);

/** Lists of items by key; immutable. One that differs in few items shares all but their lists. */
export class KeyedLists<T> {
  readonly #lists: ReadonlyMap<string, readonly T[]>;
  /** In the place of those above; an empty one stands for none. */
  readonly #changed: ReadonlyMap<string, readonly T[]>;
  readonly #compare: Compare<T> | undefined;

  private constructor(
    lists: ReadonlyMap<string, readonly T[]>,
    changed: ReadonlyMap<string, readonly T[]>,
    compare: Compare<T> | undefined,
  ) {
    this.#lists = lists;
    this.#changed = changed;
    this.#compare = compare;
  }

  static of<T>(write: EntryWriter<T>, compare?: Compare<T>): KeyedLists<T> {
    const lists = new Map<string, T[]>();
    write((key, item) => {
      const list = lists.get(key);
      if (list) {
        list.push(item);
      } else {
        lists.set(key, [item]);
      }
    });
    if (compare) {
      for (const list of lists.values()) {
        if (list.length > 1) list.sort(compare);
      }
    }
    return new KeyedLists(lists, new Map(), compare);
  }

  get(key: string): readonly T[] {
    return this.#changed.get(key) ?? this.#lists.get(key) ?? NONE;
  }

  has(key: string): boolean {
    return this.get(key).length > 0;
  }

  /** Of lists that are not empty. */
  *keys(): Generator<string> {
    for (const [key, list] of this.#changed) {
      if (list.length > 0) yield key;
    }
    for (const key of this.#lists.keys()) {
      if (!this.#changed.has(key)) yield key;
    }
  }

  /** Without some items, each as it was put in, and with others. */
  change(removed: EntryWriter<T>, added: EntryWriter<T>): KeyedLists<T> {
    const fresh = new Map<string, T[]>();
    const open = (key: string): T[] => {
      const list = fresh.get(key) ?? [...this.get(key)];
      fresh.set(key, list);
      return list;
    };
    removed((key, item) => {
      const list = open(key);
      const at = list.indexOf(item);
      if (at >= 0) list.splice(at, 1);
    });
    added((key, item) => {
      const list = open(key);
      list.splice(this.#placeOf(item, list), 0, item);
    });
    const changed = new Map<string, readonly T[]>([...this.#changed, ...fresh]);
    return changed.size > MOST_CHANGED
      ? new KeyedLists(this.#together(changed), new Map(), this.#compare)
      : new KeyedLists(this.#lists, changed, this.#compare);
  }

  /** Behind all that are not greater. */
  #placeOf(item: T, list: readonly T[]): number {
    if (!this.#compare) return list.length;
    let from = 0;
    let to = list.length;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.#compare(list[middle], item) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  #together(
    changed: ReadonlyMap<string, readonly T[]>,
  ): Map<string, readonly T[]> {
    const lists = new Map(this.#lists);
    for (const [key, list] of changed) {
      if (list.length > 0) {
        lists.set(key, list);
      } else {
        lists.delete(key);
      }
    }
    return lists;
  }
}
