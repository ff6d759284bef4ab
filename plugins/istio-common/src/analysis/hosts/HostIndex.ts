import type { KindName } from '../../resources/kinds';
import { objectKey } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { hostNamesOf, type HostNames } from './hostNames';

/** The objects of one kind by the names of the hosts they are about; follows changes. */
export class HostIndex {
  readonly #byName = new Map<string, Map<string, KubeObject>>();
  /** Those that may be about any host. */
  readonly #wide = new Map<string, KubeObject>();

  static of(kind: KindName, snapshot: MeshSnapshot): HostIndex {
    const index = new HostIndex();
    for (const object of snapshot.list(kind)) index.add(object, snapshot);
    return index;
  }

  add(object: KubeObject, snapshot: MeshSnapshot): void {
    for (const list of this.#listsOf(hostNamesOf(object, snapshot))) {
      list.set(objectKey(object), object);
    }
  }

  /** With the names it had when it was added. */
  remove(object: KubeObject, snapshot: MeshSnapshot): void {
    for (const list of this.#listsOf(hostNamesOf(object, snapshot))) {
      list.delete(objectKey(object));
    }
  }

  /** Everything that may be about one of the names. */
  sharing(names: HostNames): KubeObject[] {
    const found = new Map(this.#wide);
    for (const name of names) {
      this.#byName.get(name)?.forEach((object, key) => found.set(key, object));
    }
    return [...found.values()];
  }

  #listsOf(names: HostNames | undefined): Map<string, KubeObject>[] {
    return names
      ? [...names].map(name => {
          const list = this.#byName.get(name) ?? new Map<string, KubeObject>();
          this.#byName.set(name, list);
          return list;
        })
      : [this.#wide];
  }
}
