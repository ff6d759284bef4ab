import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import type {
  ChangeStore,
  NewChange,
} from '../../../../../plugins/istio-backend/src/changes/types';
import { createStore } from '../../__testUtils__/createParts';
import { findIntent } from '../../__testUtils__/readRecord';
import { DrawnChanges } from './DrawnChanges';
import { ModelCluster, type Effect } from './ModelCluster';
import { Replica } from './Replica';
import { Scheduler, type Gate } from './Scheduler';
import type { VirtualTime } from './VirtualTime';

const STEPS = 50;
const REPLICAS = 3;

/** What one history was. */
export interface HistoryRun {
  changes: NewChange[];
  effects: readonly Effect[];
  objects: ReadonlyMap<string, KubeObject>;
  /** Attempts that took effect before the log knew of them. */
  unannounced: string[];
  /** Replica of each attempt. */
  senders: ReadonlyMap<string, string>;
  /** Attempts that took effect later than any request may: their process stood still. */
  overdue: ReadonlySet<string>;
  /** When a replica died or one of its steps was cut off, in virtual time. */
  faults: readonly { replica: string; at: number }[];
}

/** Chances out of 100, per step. */
const CHANCES = { submit: 12, schedule: 4, outside: 4, timers: 6, recover: 6 };

/**
 * A random history: people change the same few objects through three replicas, somebody else edits
 * them too, and processes are stopped, killed and cut off at any of their steps. In the end everybody
 * who lives has had a turn.
 */
export class History {
  static async run(options: {
    knex: Knex;
    time: VirtualTime;
    /** Below 1, the next at each call. */
    random: () => number;
    /** Names its objects. */
    name: string;
    /** Stands between the replicas and their store, for a test of the checks. */
    wrapStore?: (store: ChangeStore) => ChangeStore;
  }): Promise<HistoryRun> {
    const history = new History(options);
    await history.disturb();
    await history.comeToRest();
    return {
      changes: history.changes,
      effects: history.cluster.effects,
      objects: history.cluster.objects,
      unannounced: history.unannounced,
      senders: history.senders,
      overdue: history.overdue,
      faults: history.faults,
    };
  }

  private readonly scheduler = new Scheduler();
  private readonly cluster: ModelCluster;
  private readonly store: ChangeStore;
  private readonly replicas: Replica[];
  private readonly draws: DrawnChanges;
  private readonly changes: NewChange[] = [];
  private readonly unannounced: string[] = [];
  private readonly senders = new Map<string, string>();
  private readonly overdue = new Set<string>();
  private readonly faults: { replica: string; at: number }[] = [];
  private lives = 0;
  private marks = 0;

  private constructor(
    private readonly options: Parameters<typeof History.run>[0],
  ) {
    const { time, knex, wrapStore } = options;
    this.cluster = new ModelCluster(() => time.now);
    const store = createStore(knex);
    this.store = wrapStore ? wrapStore(store) : store;
    this.cluster.onEffect = effect => this.checkAnnounced(effect);
    this.draws = DrawnChanges.create(options);
    for (const object of this.draws.firstObjects()) this.cluster.put(object);
    this.replicas = Array.from({ length: REPLICAS }, () => this.startReplica());
  }

  private async disturb(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      this.options.time.advance(
        this.happens(10) ? this.pick(90) : this.options.random(),
      );
      this.act();
      await this.scheduler.still();
      const gates = this.openGates();
      if (gates.length > 0) await this.pass(gates[this.pick(gates.length)]);
    }
  }

  private act(): void {
    const replica = this.replicas[this.pick(REPLICAS)];
    if (replica.pausedUntil > this.options.time.now) return;
    let chance = this.pick(100);
    const falls = (part: number) => {
      chance -= part;
      return chance < 0;
    };
    if (falls(CHANCES.submit)) this.request(change => replica.submit(change));
    else if (falls(CHANCES.schedule)) {
      this.request(change => replica.schedule(change));
    } else if (falls(CHANCES.outside)) this.editFromOutside();
    else if (falls(CHANCES.timers)) replica.lookAtTimers();
    else if (falls(CHANCES.recover)) replica.recover();
  }

  /** What becomes of one step: mostly it goes on. */
  private async pass(gate: Gate): Promise<void> {
    const chance = this.pick(100);
    const fault = { replica: gate.replica, at: this.options.time.now };
    if (chance < 4) {
      this.faults.push(fault);
      this.kill(gate.replica);
    } else if (chance < 8) {
      const replica = this.replicas.find(({ name }) => name === gate.replica);
      if (replica) {
        replica.pausedUntil =
          this.options.time.now + (10 + this.pick(200)) * 1000;
      }
    } else if (chance < 16 && gate.step !== 'wait') {
      this.faults.push(fault);
      await this.scheduler.letGo(gate, new Error('the connection was cut'));
    } else {
      await this.scheduler.letGo(gate);
    }
  }

  /** No more faults: stopped processes go on, what is due is done, and leases of the dead run out. */
  private async comeToRest(): Promise<void> {
    for (const replica of this.replicas) replica.pausedUntil = 0;
    for (let round = 0; round < 6; round += 1) {
      await this.drain();
      this.options.time.advance(120);
      for (const replica of this.replicas) {
        replica.lookAtTimers();
        replica.recover();
        await this.scheduler.still();
      }
    }
    await this.drain();
  }

  private async drain(): Promise<void> {
    for (;;) {
      await this.scheduler.still();
      const [gate] = this.scheduler.gates;
      if (!gate) return;
      this.options.time.now = Math.max(this.options.time.now, gate.notBefore);
      await this.scheduler.letGo(gate);
    }
  }

  private openGates(): Gate[] {
    const { now } = this.options.time;
    const stopped = new Set(
      this.replicas
        .filter(({ pausedUntil }) => pausedUntil > now)
        .map(({ name }) => name),
    );
    return this.scheduler.gates.filter(
      gate => gate.notBefore <= now && !stopped.has(gate.replica),
    );
  }

  private kill(name: string): void {
    this.scheduler.drop(name);
    const at = this.replicas.findIndex(replica => replica.name === name);
    if (at >= 0) this.replicas[at] = this.startReplica();
  }

  private startReplica(): Replica {
    this.lives += 1;
    return new Replica(`replica-${this.lives}`, {
      store: this.store,
      cluster: this.cluster,
      scheduler: this.scheduler,
      time: this.options.time,
      senders: this.senders,
      overdue: this.overdue,
    });
  }

  /** Somebody changes one to all of the objects as they are now. */
  private request(send: (change: NewChange) => void): void {
    const change = this.draws.change([...this.cluster.objects.values()]);
    if (change.operations.length === 0) return;
    this.changes.push(change);
    send(change);
  }

  private editFromOutside(): void {
    this.marks += 1;
    const keys = [...this.cluster.objects.keys()];
    this.cluster.editFromOutside(
      keys[this.pick(keys.length)],
      `else.example/mark-${this.marks}`,
    );
  }

  private async checkAnnounced(effect: Effect): Promise<void> {
    const known = await findIntent(this.options.knex, {
      changeId: effect.changeId,
      id: effect.attemptId,
    });
    if (!known) {
      this.unannounced.push(`${effect.action} ${effect.key}`);
    }
  }

  private happens(percent: number): boolean {
    return this.options.random() * 100 < percent;
  }

  private pick(below: number): number {
    return Math.floor(this.options.random() * below);
  }
}
