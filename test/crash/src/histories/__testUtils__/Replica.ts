import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import type {
  ChangeStore,
  NewChange,
} from '../../../../../plugins/istio-backend/src/changes/types';
import { createParts } from '../../__testUtils__/createParts';
import { ReplicaActions } from '../../__testUtils__/ReplicaActions';
import type { Scheduler } from './Scheduler';
import type { VirtualTime } from './VirtualTime';

/** Statements of a store that write: a fault can lie before or after what they do. */
const WRITES: (keyof ChangeStore)[] = [
  'insert',
  'begin',
  'update',
  'claim',
  'claimDue',
];
/** A request takes effect within this time of its sending, or never: what recovery counts on. */
const IN_FLIGHT_SECONDS = 30;
const LEASE_SECONDS = 60;

/** One process of the portal; after its death the next of the same name has another owner. */
export class Replica {
  /** Stands still until this virtual time, as a stopped process does. */
  pausedUntil = 0;
  private readonly actions: ReplicaActions;
  private readonly busy = new Set<string>();

  constructor(
    readonly name: string,
    private readonly options: {
      store: ChangeStore;
      cluster: MeshWriter;
      scheduler: Scheduler;
      time: VirtualTime;
      /** Who sends which attempt. */
      senders: Map<string, string>;
      /** Attempts that took effect later than any request may. */
      overdue: Set<string>;
    },
  ) {
    const store = this.gateStore(options.store);
    this.actions = ReplicaActions.create({
      store,
      owner: name,
      leaseSeconds: LEASE_SECONDS,
      now: () => options.time.now,
      parts: createParts({
        store,
        writer: this.gateWriter(options.cluster),
        owner: name,
        settleSeconds: IN_FLIGHT_SECONDS,
        now: () => options.time.now,
        elapsed: () => options.time.now,
        wait: milliseconds => this.stand('wait', milliseconds),
      }),
    });
  }

  submit(change: NewChange): void {
    this.options.scheduler.start(() => this.actions.submit(change));
  }

  schedule(change: NewChange): void {
    this.options.scheduler.start(() => this.actions.schedule(change));
  }

  lookAtTimers(): void {
    this.once('timers', () => this.actions.lookAtTimers());
  }

  recover(): void {
    this.once('recovery', () => this.actions.recover());
  }

  private once(round: string, run: () => Promise<void>): void {
    if (this.busy.has(round)) return;
    this.busy.add(round);
    this.options.scheduler.start(() =>
      run().finally(() => this.busy.delete(round)),
    );
  }

  private stand(step: string, milliseconds = 0): Promise<void> {
    const { scheduler, time } = this.options;
    return scheduler.stand({
      replica: this.name,
      step,
      notBefore: time.now + milliseconds,
    });
  }

  private gateStore(store: ChangeStore): ChangeStore {
    const stand = (step: string) => this.stand(step);
    return new Proxy(store, {
      get(target, name: keyof ChangeStore) {
        const method = target[name] as (options: unknown) => Promise<unknown>;
        if (!WRITES.includes(name)) return method.bind(target);
        return async (options: unknown) => {
          await stand(`${name}: before`);
          const answer = await method.call(target, options);
          await stand(`${name}: after`);
          return answer;
        };
      },
    });
  }

  private gateWriter(cluster: MeshWriter): MeshWriter {
    return {
      authorizeWrite: each => cluster.authorizeWrite(each),
      istioWebhookFor: (...each) => cluster.istioWebhookFor(...each),
      read: async object => {
        await this.stand('read');
        return cluster.read(object);
      },
      write: async (operation, context) => {
        if (context.dryRun) return cluster.write(operation, context);
        this.options.senders.set(context.attemptId, this.name);
        try {
          const sentAt = this.options.time.now;
          await this.stand('write: before');
          if (this.options.time.now - sentAt > IN_FLIGHT_SECONDS * 1000) {
            this.options.overdue.add(context.attemptId);
          }
          const result = await cluster.write(operation, context);
          await this.stand('write: after');
          return result;
        } catch (error) {
          return { outcome: 'unknown', message: String(error) };
        }
      },
    };
  }
}
