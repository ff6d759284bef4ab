import { Labels, isEmptySelector, matchesLabels } from '../resources/selector';

/**
 * Finds the items of a namespace by label selector without scanning: one posting list per `key=value`. A
 * query walks the shortest list of its terms.
 */
export class LabelIndex<T> {
  readonly #lists = new Map<string, Entry<T>[]>();

  constructor(items: Iterable<Entry<T>>) {
    for (const item of items) {
      for (const key of Object.keys(item.labels)) {
        this.#add(`${key}=${item.labels[key]}`, item);
      }
    }
  }

  /** Items whose labels contain the selector; none for an empty selector. */
  matching(selector: Labels): T[] {
    if (isEmptySelector(selector)) {
      return [];
    }
    let shortest: Entry<T>[] | undefined;
    for (const key of Object.keys(selector)) {
      const list = this.#lists.get(`${key}=${selector[key]}`);
      if (!list) {
        return [];
      }
      if (!shortest || list.length < shortest.length) {
        shortest = list;
      }
    }
    return (shortest ?? [])
      .filter(entry => matchesLabels(selector, entry.labels))
      .map(entry => entry.item);
  }

  #add(term: string, entry: Entry<T>): void {
    const list = this.#lists.get(term);
    if (list) {
      list.push(entry);
    } else {
      this.#lists.set(term, [entry]);
    }
  }
}

/** An item with the labels it is found by. */
export interface Entry<T> {
  labels: Labels;
  item: T;
}
