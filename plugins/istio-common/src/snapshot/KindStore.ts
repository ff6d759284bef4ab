import { KindName } from '../resources/kinds';
import { memoizeByIdentity } from '../resources/memoize';
import { withKindFields } from '../resources/objectKey';
import { KubeObject } from '../resources/types';

const NONE: readonly KubeObject[] = Object.freeze([]);

/** By name, for as long as the list of the namespace stays the same. */
const namesOf = memoizeByIdentity(
  (list: readonly KubeObject[]) =>
    new Map(list.map(object => [object.metadata.name, object])),
);

/** The objects of one kind of one cluster; immutable, indexed on first use, shared between snapshots. */
export class KindStore {
  readonly objects: readonly KubeObject[];
  /** Until the namespaces are known: where unchanged ones are taken from. */
  #previous: KindStore | undefined;
  #byNamespace: Map<string, readonly KubeObject[]> | undefined;

  /** With a previous store the lists of namespaces that did not change stay the same lists. */
  constructor(
    kind: KindName,
    objects: readonly KubeObject[],
    previous?: KindStore,
  ) {
    this.objects = objects.every(object => object.apiVersion && object.kind)
      ? objects
      : objects.map(object => withKindFields(kind, object));
    // Only one that was looked at by namespace: a chain of others would keep all of them in memory.
    this.#previous = previous?.isGrouped ? previous : undefined;
  }

  private get isGrouped(): boolean {
    return this.#byNamespace !== undefined;
  }

  inNamespace(namespace: string): readonly KubeObject[] {
    return this.byNamespace().get(namespace) ?? NONE;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return namesOf(this.inNamespace(namespace ?? '')).get(name);
  }

  byNamespace(): ReadonlyMap<string, readonly KubeObject[]> {
    if (!this.#byNamespace) {
      const lists = new Map<string, KubeObject[]>();
      for (const object of this.objects) {
        const namespace = object.metadata.namespace ?? '';
        const list = lists.get(namespace);
        if (list) {
          list.push(object);
        } else {
          lists.set(namespace, [object]);
        }
      }
      this.#byNamespace = this.#keepUnchanged(lists);
      this.#previous = undefined;
    }
    return this.#byNamespace;
  }

  #keepUnchanged(
    lists: Map<string, readonly KubeObject[]>,
  ): Map<string, readonly KubeObject[]> {
    for (const [namespace, list] of lists) {
      const before = this.#previous?.inNamespace(namespace);
      if (before && isSame(before, list)) {
        lists.set(namespace, before);
      }
    }
    return lists;
  }
}

function isSame(a: readonly KubeObject[], b: readonly KubeObject[]): boolean {
  return (
    a.length === b.length && a.every((object, index) => object === b[index])
  );
}
