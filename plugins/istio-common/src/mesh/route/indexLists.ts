import type { KubeObject } from '../../resources/types';
import { diffLists } from '../../snapshot/diffLists';
import { KeyedLists } from '../../snapshot/KeyedLists';
import { perLists } from './perLists';

type Lists = readonly (readonly KubeObject[])[];

type Put<T> = (key: string, item: T) => void;

interface IndexOptions<T> {
  /**
   * Puts what an object says into the index, with settings that the variant tells. For the same object that has to
   * be the same items each time.
   */
  entriesFor: (variant: string) => (object: KubeObject, put: Put<T>) => void;
  /** Order of each list. */
  compare?: (a: T, b: T) => number;
}

interface Made<T> {
  lists: Lists;
  variant: string;
  index: KeyedLists<T>;
}

/** Objects that may differ before everything is indexed anew. */
const MOST_CHANGES = 64;
/** Of several clusters, or of a plan beside what is. */
const MOST_RECENT = 4;

/**
 * An index over lists of objects, remembered as long as the lists live. Of lists that differ in few objects from
 * some that were indexed lately only those objects are indexed.
 */
export function indexLists<T>(
  options: IndexOptions<T>,
): (lists: Lists, variant?: string) => KeyedLists<T> {
  let recent: WeakRef<Made<T>>[] = [];
  const makeFor = perLists((given, variant): Made<T> => {
    const lists = given as Lists;
    const made = {
      lists,
      variant,
      index:
        followAny(recent, { lists, variant, options }) ??
        build(lists, variant, options),
    };
    recent = [new WeakRef(made), ...recent].slice(0, MOST_RECENT);
    return made;
  });
  return (lists, variant) => makeFor(lists, variant).index;
}

function build<T>(
  lists: Lists,
  variant: string,
  { entriesFor, compare }: IndexOptions<T>,
): KeyedLists<T> {
  const write = entriesFor(variant);
  return KeyedLists.of(put => {
    for (const list of lists) {
      for (const object of list) write(object, put);
    }
  }, compare);
}

function followAny<T>(
  recent: readonly WeakRef<Made<T>>[],
  to: { lists: Lists; variant: string; options: IndexOptions<T> },
): KeyedLists<T> | undefined {
  for (const weak of recent) {
    const made = weak.deref();
    const index = made && made.variant === to.variant && follow(made, to);
    if (index) return index;
  }
  return undefined;
}

function follow<T>(
  { lists: before, index }: Made<T>,
  to: { lists: Lists; variant: string; options: IndexOptions<T> },
): KeyedLists<T> | undefined {
  const removed: KubeObject[] = [];
  const added: KubeObject[] = [];
  for (const [at, list] of to.lists.entries()) {
    const diff = diffLists(before[at], list, MOST_CHANGES);
    if (!diff) return undefined;
    removed.push(...diff.removed);
    added.push(...diff.added);
  }
  const write = to.options.entriesFor(to.variant);
  const writeAll = (objects: readonly KubeObject[]) => (put: Put<T>) =>
    objects.forEach(object => write(object, put));
  return index.change(writeAll(removed), writeAll(added));
}
