import { KindName } from '../resources/kinds';
import { namespacedName, withKindFields } from '../resources/objectKey';
import { KubeObject } from '../resources/types';

const NONE: readonly KubeObject[] = Object.freeze([]);

/** The objects of one kind of one cluster; immutable, indexed on first use, shared between snapshots. */
export class KindStore {
  readonly objects: readonly KubeObject[];
  #byNamespace: Map<string, KubeObject[]> | undefined;
  #byName: Map<string, KubeObject> | undefined;

  constructor(kind: KindName, objects: readonly KubeObject[]) {
    this.objects = objects.every(object => object.apiVersion && object.kind)
      ? objects
      : objects.map(object => withKindFields(kind, object));
  }

  inNamespace(namespace: string): readonly KubeObject[] {
    return this.byNamespace().get(namespace) ?? NONE;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    if (!this.#byName) {
      this.#byName = new Map(
        this.objects.map(object => [namespacedName(object.metadata), object]),
      );
    }
    return this.#byName.get(namespacedName({ namespace, name }));
  }

  byNamespace(): ReadonlyMap<string, readonly KubeObject[]> {
    if (!this.#byNamespace) {
      this.#byNamespace = new Map();
      for (const object of this.objects) {
        const namespace = object.metadata.namespace ?? '';
        const list = this.#byNamespace.get(namespace);
        if (list) {
          list.push(object);
        } else {
          this.#byNamespace.set(namespace, [object]);
        }
      }
    }
    return this.#byNamespace;
  }
}
