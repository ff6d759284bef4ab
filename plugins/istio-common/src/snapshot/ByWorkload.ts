import type { WorkloadKey } from './types';

/** One entry per workload of a namespace. In two steps: a key put together for each question costs more than its answer. */
export class ByWorkload<T> {
  readonly #kinds = new Map<WorkloadKey['kind'], Map<string, T>>();

  get({ kind, name }: WorkloadKey): T | undefined {
    return this.#kinds.get(kind)?.get(name);
  }

  set({ kind, name }: WorkloadKey, entry: T): void {
    const names = this.#kinds.get(kind) ?? new Map<string, T>();
    this.#kinds.set(kind, names);
    names.set(name, entry);
  }
}
