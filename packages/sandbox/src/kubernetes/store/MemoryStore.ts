import { createHash } from 'node:crypto';
import { deepFreeze } from '../json';
import type { ChangeType, KubeObject, ObjectChange } from '../types';

interface Shelf {
  /** By namespace, then name; cluster-wide objects stand under ''. */
  namespaces: Map<string, Map<string, KubeObject>>;
}

export interface ObjectKey {
  namespace?: string;
  name: string;
}

/**
 * The objects and the log of their changes, nothing about their meaning. One counter gives every change of the
 * cluster its resourceVersion.
 */
export class MemoryStore {
  private readonly shelves = new Map<string, Shelf>();
  private readonly listeners = new Set<(change: ObjectChange) => void>();
  private readonly past: ObjectChange[] = [];
  /** Index in `past` of the first change that watches may still replay. */
  private firstKept = 0;
  private version = 1;
  private uids = 0;
  private compacted = 0;

  constructor(
    private readonly options: {
      name: string;
      clock: () => number;
      compactAfter: number;
    },
  ) {}

  currentVersion(): number {
    return this.version;
  }

  /** Versions below this cannot be replayed any more. */
  compactedVersion(): number {
    return this.compacted;
  }

  nextUid(): string {
    this.uids += 1;
    const hash = createHash('sha256')
      .update(`${this.options.name}/${this.uids}`)
      .digest('hex');
    // Version 4 and variant bits, so that clients which check the form accept it.
    return [
      hash.slice(0, 8),
      hash.slice(8, 12),
      `4${hash.slice(13, 16)}`,
      `a${hash.slice(17, 20)}`,
      hash.slice(20, 32),
    ].join('-');
  }

  get(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.shelves
      .get(resource)
      ?.namespaces.get(key.namespace ?? '')
      ?.get(key.name);
  }

  /** Sorted by namespace and name, as etcd's keys are. */
  list(resource: string, namespace?: string): KubeObject[] {
    const shelf = this.shelves.get(resource);
    if (!shelf) {
      return [];
    }
    const names =
      namespace === undefined
        ? [...shelf.namespaces.keys()].sort()
        : [namespace];
    return names.flatMap(name => {
      const objects = shelf.namespaces.get(name);
      return objects
        ? [...objects.keys()].sort().map(key => objects.get(key)!)
        : [];
    });
  }

  /** Stores a new state under a new resourceVersion and tells the listeners. */
  put(resource: string, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    let shelf = this.shelves.get(resource);
    if (!shelf) {
      shelf = { namespaces: new Map() };
      this.shelves.set(resource, shelf);
    }
    let objects = shelf.namespaces.get(namespace);
    if (!objects) {
      objects = new Map();
      shelf.namespaces.set(namespace, objects);
    }
    const previous = objects.get(name);
    const stored = this.stamp(object);
    objects.set(name, stored);
    this.record(previous ? 'MODIFIED' : 'ADDED', resource, stored, previous);
    return stored;
  }

  delete(resource: string, key: ObjectKey): KubeObject | undefined {
    const objects = this.shelves
      .get(resource)
      ?.namespaces.get(key.namespace ?? '');
    const previous = objects?.get(key.name);
    if (!objects || !previous) {
      return undefined;
    }
    objects.delete(key.name);
    const last = this.stamp(previous);
    this.record('DELETED', resource, last, previous);
    return last;
  }

  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  history(resources?: string[]): ObjectChange[] {
    return resources
      ? this.past.filter(change => resources.includes(change.resource))
      : [...this.past];
  }

  /** Changes after a version, oldest first; undefined when some of them are compacted away. */
  changesAfter(version: number): ObjectChange[] | undefined {
    if (version < this.compacted) {
      return undefined;
    }
    let low = this.firstKept;
    let high = this.past.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.past[middle].resourceVersion > version) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return this.past.slice(low);
  }

  /** Forgets the changes so far for watches; what is older than now is answered with 410. */
  compact(): void {
    this.firstKept = this.past.length;
    this.compacted = this.version;
  }

  private stamp(object: KubeObject): KubeObject {
    this.version += 1;
    return deepFreeze({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.version) },
    });
  }

  private record(
    type: ChangeType,
    resource: string,
    object: KubeObject,
    previous?: KubeObject,
  ): void {
    const change: ObjectChange = Object.freeze({
      type,
      resource,
      object,
      previous,
      at: this.options.clock(),
      resourceVersion: this.version,
    });
    this.past.push(change);
    if (this.past.length - this.firstKept > this.options.compactAfter) {
      this.compacted = this.past[this.firstKept].resourceVersion;
      this.firstKept += 1;
    }
    for (const listener of [...this.listeners]) {
      listener(change);
    }
  }
}
