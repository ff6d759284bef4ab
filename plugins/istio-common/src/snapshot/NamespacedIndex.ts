import type { KindName } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import type { KindStore } from './KindStore';

/** The objects of all kinds. */
export type Stores = Readonly<Record<KindName, KindStore>>;

/** What an index of one namespace is made from: the objects of some kinds in it. */
type InNamespace = (kind: KindName) => readonly KubeObject[];

interface Options<T> {
  /** Nothing else may be looked at: where these lists are the same, the index is. */
  inputs: readonly KindName[];
  build: (list: InNamespace) => T;
}

/**
 * One index per namespace, made when it is first asked for. A snapshot with some objects exchanged takes over
 * those of the namespaces in which nothing changed.
 */
export class NamespacedIndex<T> {
  readonly #options: Options<T>;
  readonly #stores: Stores;
  readonly #made: Map<string, T>;

  private constructor(
    options: Options<T>,
    stores: Stores,
    made: Map<string, T>,
  ) {
    this.#options = options;
    this.#stores = stores;
    this.#made = made;
  }

  static create<T>(options: Options<T>, stores: Stores): NamespacedIndex<T> {
    return new NamespacedIndex(options, stores, new Map());
  }

  /** For other stores; equal lists must be the same lists, as `KindStore` keeps them. */
  over(stores: Stores): NamespacedIndex<T> {
    const changed = this.#options.inputs.filter(
      kind => stores[kind] !== this.#stores[kind],
    );
    if (changed.length === 0) return this;
    const kept = [...this.#made].filter(([namespace]) =>
      changed.every(
        kind =>
          stores[kind].inNamespace(namespace) ===
          this.#stores[kind].inNamespace(namespace),
      ),
    );
    return new NamespacedIndex(this.#options, stores, new Map(kept));
  }

  get(namespace: string): T {
    const known = this.#made.get(namespace);
    if (known !== undefined) return known;
    const made = this.#options.build(kind =>
      this.#stores[kind].inNamespace(namespace),
    );
    this.#made.set(namespace, made);
    return made;
  }

  /** Of every namespace that has an object of the inputs. */
  all(): T[] {
    const namespaces = new Set(
      this.#options.inputs.flatMap(kind => [
        ...this.#stores[kind].byNamespace().keys(),
      ]),
    );
    return [...namespaces].map(namespace => this.get(namespace));
  }
}
