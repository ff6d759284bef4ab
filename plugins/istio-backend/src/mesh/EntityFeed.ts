import type { ComponentChanges } from './types';

/** Passes refs on to whoever listens; for changes that do not come from a cluster. */
export class EntityFeed implements ComponentChanges {
  private readonly listeners = new Set<
    (entityRefs: ReadonlySet<string> | '*') => void
  >();

  announce(entityRefs: readonly string[]): void {
    const refs = new Set(entityRefs);
    for (const listener of this.listeners) listener(refs);
  }

  subscribe(
    listener: (entityRefs: ReadonlySet<string> | '*') => void,
  ): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
