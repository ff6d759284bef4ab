import {
  buildIntentRecord,
  buildRequestRecord,
} from '../../../../plugins/istio-backend/src/changes/buildIntentRecord';
import { lockKeyOf } from '../../../../plugins/istio-backend/src/changes/objectLocks';
import type {
  ChangeStore,
  NewChange,
} from '../../../../plugins/istio-backend/src/changes/types';
import type { createParts } from './createParts';

/** Options of {@link ReplicaActions}. */
export interface ReplicaActionsOptions {
  store: ChangeStore;
  parts: ReturnType<typeof createParts>;
  owner: string;
  leaseSeconds: number;
  now: () => number;
}

/** What a replica of the portal does with changes, as its service and its clocks call it. */
export class ReplicaActions {
  static create(options: ReplicaActionsOptions): ReplicaActions {
    return new ReplicaActions(options);
  }

  private constructor(private readonly options: ReplicaActionsOptions) {}

  /** What a request to change something at once does, from its record on. */
  async submit(change: NewChange): Promise<void> {
    const { store, parts, owner, leaseSeconds, now } = this.options;
    const { locked } = await store.insert({
      change: { ...change, state: 'applying' },
      locks: change.operations.map(({ object }) => lockKeyOf(object)),
      lease: { owner, seconds: leaseSeconds },
      entries: [buildIntentRecord({ change, dryRun: [], at: now() })],
    });
    if (!locked) await parts.starter.carryThrough(change.id);
  }

  /** The same for a change that waits for the timers. */
  async schedule(change: NewChange): Promise<void> {
    await this.options.store.insert({
      change: { ...change, state: 'scheduled' },
      locks: [],
      entries: [
        buildRequestRecord({ change, dryRun: [], at: this.options.now() }),
      ],
    });
  }

  /** A round of the timers. */
  async lookAtTimers(): Promise<void> {
    const { store, parts, leaseSeconds } = this.options;
    const due = await store.claimDue({
      states: ['scheduled'],
      timer: 'applyAt',
      seconds: leaseSeconds / 3,
      limit: 20,
    });
    for (const change of due) await parts.starter.start(change);
  }

  /** A round of recovery. */
  async recover(): Promise<void> {
    const { recovery, settler } = this.options.parts;
    for (const { id } of await recovery.run()) {
      await settler.settled(id);
    }
  }
}
