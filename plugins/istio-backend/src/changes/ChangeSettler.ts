import {
  transition,
  type ChangeState,
} from '@istio-backstage/plugin-istio-common';
import { shortName } from './changeWords';
import type { ChangeStore, StoredChange } from './types';

const REVERTIBLE: ChangeState[] = [
  'applied',
  'verified',
  'unverifiable',
  'partial',
];

/** Options of {@link ChangeSettler}. */
export interface ChangeSettlerOptions {
  store: ChangeStore;
  /** Told which entities' changes moved. */
  onChanged?: (entityRefs: string[]) => void;
}

/** What follows from a change having reached a state: links of reverts, and word to who listens. */
export class ChangeSettler {
  static create(options: ChangeSettlerOptions): ChangeSettler {
    return new ChangeSettler(options);
  }

  private follow?: (change: StoredChange) => Promise<void>;

  private constructor(private readonly options: ChangeSettlerOptions) {}

  /** Told of changes that are applied and that no watch has shown yet. */
  onApplied(follow: (change: StoredChange) => Promise<void>): void {
    this.follow = follow;
  }

  async settled(id: string): Promise<void> {
    const change = await this.options.store.get(id);
    if (!change) {
      return;
    }
    await this.closeReverted(change);
    if (change.state === 'applied' && change.observedAt === undefined) {
      await this.follow?.(change);
    }
    this.options.onChanged?.([change.entityRef]);
  }

  /** The change that was taken back is `reverted` once its revert is applied. May be called again. */
  async closeReverted(change: StoredChange): Promise<void> {
    if (!change.revertOf || !REVERTIBLE.includes(change.state)) {
      return;
    }
    // A partial revert leaves a part in force.
    if (change.state === 'partial') {
      return;
    }
    const original = await this.options.store.get(change.revertOf);
    const to = original && transition(original.state, 'reverted');
    if (!original || !to) {
      return;
    }
    const by = change.requestedBy.entityRef;
    await this.options.store.update({
      id: original.id,
      from: [original.state],
      to,
      revertedBy: change.id,
      entries: [
        {
          opId: original.id,
          kind: 'reverted',
          occurredAt: Date.now(),
          actor: by,
          target: original.entityRef,
          payload: { revertedBy: change.id },
          event: { kind: 'reverted', text: `Reverted by ${shortName(by)}` },
        },
      ],
    });
  }
}
