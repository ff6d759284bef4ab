import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { transition } from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { entryOfChange } from './entryOfChange';
import { clustersOf, joinWords } from './changeWords';
import type { ChangeRecovery } from './ChangeRecovery';
import type { ChangeSettler } from './ChangeSettler';
import type { ChangeVerifier } from './ChangeVerifier';
import { isObserved } from './findOverwritten';
import type { ChangeStore, StoredChange } from './types';

/** Options of {@link ChangeWatcher}. */
export interface ChangeWatcherOptions {
  store: ChangeStore;
  reader: MeshReader;
  verifier: ChangeVerifier;
  recovery: ChangeRecovery;
  settler: ChangeSettler;
  logger: LoggerService;
  owner: string;
  verifySeconds: number;
  recoverSeconds: number;
}

/**
 * Follows applied changes until watches and traffic show them, and closes what a dead process left
 * open. Every replica runs one; rows are shared out by conditional updates in the database.
 */
export class ChangeWatcher {
  static create(options: ChangeWatcherOptions): ChangeWatcher {
    return new ChangeWatcher(options);
  }

  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Map<string, Promise<void>>();
  /** Applied changes that no watch has shown yet. */
  private readonly awaited = new Set<string>();
  private unsubscribe?: () => void;

  private constructor(private readonly options: ChangeWatcherOptions) {}

  start(): void {
    const { reader, verifySeconds, recoverSeconds } = this.options;
    this.unsubscribe = reader.onChange(() => {
      if (this.awaited.size > 0) {
        void this.once('observe', () => this.observeAwaited());
      }
    });
    this.every(verifySeconds, 'verify', () => this.verifyDue());
    this.every(recoverSeconds, 'recover', () => this.recover());
    void this.once('recover', () => this.recover());
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    this.timers.forEach(timer => clearInterval(timer));
    await Promise.all(this.running.values());
  }

  /** A change was just applied: look at once, and again with each event of its clusters. */
  async await(change: StoredChange): Promise<void> {
    if (change.state === 'applied' && change.observedAt === undefined) {
      this.awaited.add(change.id);
      await this.once('observe', () => this.observeAwaited());
    }
  }

  /** One round of verification; also what the timer does. */
  async verifyDue(): Promise<void> {
    const { store, owner, verifySeconds, settler } = this.options;
    const due = await store.claim({
      states: ['applied'],
      owner,
      // The lease is the pause until anybody looks at this change again.
      seconds: verifySeconds * 0.8,
      limit: 50,
    });
    const now = due.length > 0 ? await store.now() : 0;
    await Promise.all(
      due.map(async change => {
        await settler.closeReverted(change);
        await this.observe(change);
        await this.verify(change, now);
      }),
    );
  }

  /** One round of recovery; also what the timer does. */
  async recover(): Promise<void> {
    for (const { id } of await this.options.recovery.run()) {
      await this.options.settler.settled(id);
    }
  }

  private async observeAwaited(): Promise<void> {
    for (const id of [...this.awaited]) {
      const change = await this.options.store.get(id);
      if (!change || change.state !== 'applied') {
        this.awaited.delete(id);
      } else if (await this.observe(change)) {
        this.awaited.delete(id);
      }
    }
  }

  /** True when the watches show the change, now or before. */
  private async observe(change: StoredChange): Promise<boolean> {
    const { store, reader, settler } = this.options;
    if (change.observedAt !== undefined) {
      return true;
    }
    if (!isObserved(change, reader)) {
      return false;
    }
    const first = await store.update({
      id: change.id,
      from: ['applied', 'verified', 'unverifiable'],
      observed: true,
      entries: [
        entryOfChange(change, {
          actor: 'system',
          kind: 'observed',
          payload: {},
          event: {
            kind: 'observed',
            text: `Seen by the watches of ${joinWords(
              clustersOf(change.operations),
            )}`,
          },
        }),
      ],
    });
    if (first) {
      await settler.settled(change.id);
    }
    return true;
  }

  private async verify(change: StoredChange, now: number): Promise<void> {
    const { store, verifier, settler } = this.options;
    const found = await verifier.verify(change, now);
    if (found.is === 'open') {
      if (found.why && found.why !== change.waitingFor) {
        await store.explainWait({ id: change.id, waitingFor: found.why });
      }
      return;
    }
    const to = transition('applied', found.is);
    if (!to) {
      return;
    }
    const moved = await store.update({
      id: change.id,
      from: ['applied'],
      to,
      releaseLease: true,
      entries: [
        entryOfChange(change, {
          actor: 'system',
          kind: found.is,
          payload: {},
          event: { kind: found.is, text: found.text },
        }),
      ],
    });
    if (moved) {
      await settler.settled(change.id);
    }
  }

  private every(seconds: number, name: string, run: () => Promise<void>) {
    const timer = setInterval(() => {
      void this.once(name, run);
    }, seconds * 1000);
    timer.unref();
    this.timers.push(timer);
  }

  /** Rounds of one kind never overlap; a failed one is tried again by the next. */
  private once(name: string, run: () => Promise<void>): Promise<void> {
    const present = this.running.get(name);
    if (present) {
      return present;
    }
    const round = run()
      .catch(error => {
        this.options.logger.warn(
          `Following changes (${name}) failed`,
          toError(error) as Error,
        );
      })
      .finally(() => this.running.delete(name));
    this.running.set(name, round);
    return round;
  }
}
