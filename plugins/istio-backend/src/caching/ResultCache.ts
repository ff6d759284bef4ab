interface Entry<T> {
  dependsOn: readonly unknown[];
  value: T;
}

/**
 * Keeps the result of a pure computation as long as everything it was computed from is the same (by
 * identity for objects, by value for text and numbers). The longest unused results go first.
 */
export class ResultCache<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(private readonly maxEntries: number) {}

  get(options: {
    key: string;
    dependsOn: readonly unknown[];
    compute: () => T;
  }): T {
    const { key, dependsOn, compute } = options;
    const known = this.entries.get(key);
    this.entries.delete(key);
    const entry =
      known && isSame(known.dependsOn, dependsOn)
        ? known
        : { dependsOn, value: compute() };
    this.entries.set(key, entry);
    if (this.entries.size > this.maxEntries) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
    }
    return entry.value;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
