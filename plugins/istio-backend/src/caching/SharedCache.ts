/** How long a value counts. */
export interface SharedCacheOptions {
  /** Milliseconds a value is given out without asking again. */
  freshMs: number;
  /** Milliseconds a value is still given out while a new one is fetched; older values are waited for. */
  staleMs: number;
  /** Entries above this are dropped, longest unused first. */
  maxEntries: number;
  now?: () => number;
}

interface Entry<T> {
  value?: { value: T; at: number };
  loading?: Promise<T>;
}

/**
 * One answer shared by everyone who asks for the same thing: a single flight per key, and a slightly old
 * value at once while a newer one is fetched, so that who comes regularly never waits.
 */
export class SharedCache<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly now: () => number;

  constructor(private readonly options: SharedCacheOptions) {
    this.now = options.now ?? Date.now;
  }

  get(key: string, load: () => Promise<T>): Promise<T> | T {
    const entry = this.touch(key);
    if (entry.value) {
      const age = this.now() - entry.value.at;
      if (age < this.options.freshMs) return entry.value.value;
      if (age < this.options.staleMs) {
        this.load(entry, load).catch(() => {});
        return entry.value.value;
      }
    }
    return this.load(entry, load);
  }

  /** The newest value there is, whatever its age. */
  peek(key: string): T | undefined {
    return this.entries.get(key)?.value?.value;
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  private touch(key: string): Entry<T> {
    const entry = this.entries.get(key) ?? {};
    // Insertion order of the Map is the order of last use.
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.options.maxEntries) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
    }
    return entry;
  }

  private load(entry: Entry<T>, load: () => Promise<T>): Promise<T> {
    if (!entry.loading) {
      entry.loading = load().then(
        value => {
          entry.value = { value, at: this.now() };
          entry.loading = undefined;
          return value;
        },
        error => {
          entry.loading = undefined;
          throw error;
        },
      );
    }
    return entry.loading;
  }
}
