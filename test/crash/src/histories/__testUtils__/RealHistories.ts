import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import {
  TinyApiServer,
  type SeenRequest,
} from '../../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';
import type { NewChange } from '../../../../../plugins/istio-backend/src/changes/types';
import { PLURALS } from '../../__testUtils__/planThreeObjects';
import { findIntent } from '../../__testUtils__/readRecord';
import { attemptOf, isWrite } from '../../__testUtils__/readRequest';
import type { Pace } from '../../__testUtils__/replicaTypes';
import type { DatabaseTarget } from '../../__testUtils__/types';
import { DrawnChanges } from './DrawnChanges';
import type { HistoryRun } from './History';
import { keyOf, type Effect } from './ModelCluster';
import { RealReplica, type Misfortune } from './RealReplica';

const REPLICAS = 3;
const STEPS = 14;
/** In which everybody has a turn at the end; a busy machine may need more than two. */
const MOST_ROUNDS = 10;
const KINDS = Object.fromEntries(
  Object.entries(PLURALS).map(([kind, plural]) => [plural, kind]),
);
const ACTIONS: Record<string, Effect['action']> = {
  POST: 'create',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * Minutes of a portal as seconds. A request takes effect within the settling time of its sending or
 * never: the clock of the sender allows half a second, the request another half.
 */
const PACE: Pace = {
  leaseSeconds: 2,
  settleSeconds: 1.5,
  requestMs: 500,
  speed: 20,
};

/**
 * Random histories of three processes on one database and one cluster, in real time: the same choices
 * and the same judge as in virtual time. A seed draws what happens; who is faster is up to the machine.
 */
export class RealHistories {
  static async start(options: {
    knex: Knex;
    database: DatabaseTarget;
    childFile: string;
  }): Promise<RealHistories> {
    const server = await TinyApiServer.start();
    const replicas = await Promise.all(
      Array.from({ length: REPLICAS }, (_, at) =>
        RealReplica.start({
          ...options,
          name: `replica-${at}`,
          apiServer: server.url,
          pace: PACE,
        }),
      ),
    );
    return new RealHistories(options.knex, server, replicas);
  }

  private constructor(
    private readonly knex: Knex,
    private readonly server: TinyApiServer,
    private readonly replicas: RealReplica[],
  ) {}

  /** One history, over objects of its name. */
  async run(options: {
    random: () => number;
    name: string;
  }): Promise<HistoryRun> {
    const { random } = options;
    const pick = (below: number) => Math.floor(random() * below);
    const draws = DrawnChanges.create(options);
    const run = this.listen();
    for (const object of draws.firstObjects()) this.put(object);
    for (let step = 0; step < STEPS; step += 1) {
      const replica = this.replicas[pick(REPLICAS)];
      const misfortune = drawMisfortune(pick);
      const pieces = 1 + pick(60);
      const chance = pick(100);
      if (step % 4 === 1) replica.expect(misfortune, pieces);
      const done = this.act({ replica, chance, draws, run, pick });
      await Promise.race([done, sleep(pick(150))]);
    }
    await this.comeToRest();
    return run;
  }

  /** Processes that ended by themselves. */
  get crashes(): number {
    return this.replicas.reduce((sum, { crashes }) => sum + crashes, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(replica => replica.stop()));
    await this.server.stop();
  }

  private async act(options: {
    replica: RealReplica;
    chance: number;
    draws: DrawnChanges;
    run: RunningHistory;
    pick: (below: number) => number;
  }): Promise<void> {
    const { replica, chance, draws, run, pick } = options;
    if (!replica.isAble) return;
    if (chance < 55) {
      const change = draws.change(this.live());
      if (change.operations.length === 0) return;
      run.changes.push(change);
      await replica.do({
        action: chance < 42 ? 'submit' : 'schedule',
        change,
      });
    } else if (chance < 65) {
      const live = this.live();
      this.editFromOutside(live[pick(live.length)], run);
    } else {
      await replica.do({
        action: chance < 85 ? 'lookAtTimers' : 'recover',
      });
    }
  }

  /** Everybody who lives has had a turn, after the leases and requests of the dead have run out. */
  private async comeToRest(): Promise<void> {
    await Promise.all(this.replicas.map(replica => replica.comeToRest()));
    await sleep(PACE.settleSeconds * 1000);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      // Nobody works now, so time may pass faster.
      await this.knex('mesh_change').update({ lease_until: 0, timer_until: 0 });
      for (const replica of this.replicas) {
        await replica.do({ action: 'lookAtTimers' });
        await replica.do({ action: 'recover' });
      }
      const open = await this.knex('mesh_change')
        .whereIn('state', ['scheduled', 'applying'])
        .first('id');
      if (!open && round > 0) return;
    }
  }

  /** Remembers what takes effect from now on. */
  private listen(): RunningHistory {
    const run: RunningHistory = {
      changes: [],
      effects: [],
      objects: new Map(),
      unannounced: [],
      senders: new Map(),
      overdue: new Set(),
      faults: [],
      marks: 0,
    };
    this.server.objects.clear();
    this.server.seen.length = 0;
    this.server.onRequest = async request => {
      if (isWrite(request)) await this.checkAnnounced(request, run);
      return undefined;
    };
    this.server.onAnswer = (request, status) => {
      if (!isWrite(request) || status >= 300) return;
      run.effects.push(effectOf(request));
    };
    return Object.defineProperties(run, {
      objects: { get: () => this.byKey() },
      faults: { get: () => this.faults() },
    });
  }

  /** A1, and whether the request comes later than any may. */
  private async checkAnnounced(
    request: SeenRequest,
    run: RunningHistory,
  ): Promise<void> {
    const { changeId, attemptId, key, action } = effectOf(request);
    const intent = await findIntent(this.knex, { changeId, id: attemptId });
    if (!intent) run.unannounced.push(`${action} ${key}`);
    const id = attemptId ?? 'none';
    const sent = await this.knex('change_operation')
      .where({ audit_id: id })
      .first('sent_at');
    const sentAt = Number(sent?.sent_at ?? intent?.recordedAt ?? 0);
    run.senders.set(id, 'anybody');
    if (Date.now() - sentAt > PACE.settleSeconds * 1000) {
      run.overdue.add(id);
    }
  }

  /** The judge wants to know whether the sender of a late write came to harm; that is anybody here. */
  private faults(): { replica: string; at: number }[] {
    return this.replicas.flatMap(({ faults }) =>
      faults.map(at => ({ replica: 'anybody', at })),
    );
  }

  private live(): KubeObject[] {
    return structuredClone([...this.server.objects.values()]);
  }

  private byKey(): Map<string, KubeObject> {
    return new Map(
      this.live().map(object => [
        keyOf({ ...object, ...object.metadata }),
        object,
      ]),
    );
  }

  private put(object: KubeObject): void {
    this.server.put(PLURALS[object.kind], object);
  }

  private editFromOutside(
    object: KubeObject | undefined,
    run: RunningHistory,
  ): void {
    if (!object) return;
    run.marks += 1;
    const mark = `else.example/mark-${run.marks}`;
    this.put({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, [mark]: 'kept' },
      },
    });
    run.effects.push({
      key: keyOf({ ...object, ...object.metadata }),
      mark,
      action: 'patch',
      at: Date.now(),
    });
  }
}

interface RunningHistory extends HistoryRun {
  changes: NewChange[];
  effects: Effect[];
  senders: Map<string, string>;
  overdue: Set<string>;
  marks: number;
}

function drawMisfortune(pick: (below: number) => number): Misfortune {
  const which = pick(3);
  if (which === 0) return { is: 'kill' };
  return {
    is: which === 1 ? 'stop' : 'cut',
    // Some longer than a lease.
    milliseconds: 100 + pick(PACE.leaseSeconds * 1500),
  };
}

function effectOf(request: SeenRequest): Effect {
  const [, namespace, plural, named] =
    /namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(request.path) ?? [];
  const created = request.body as Partial<KubeObject> | undefined;
  const name = named ?? created?.metadata?.name ?? '';
  const { changeId, id: attemptId } = attemptOf(request);
  return {
    key: keyOf({ kind: KINDS[plural], namespace, name }),
    action: ACTIONS[request.method],
    changeId,
    attemptId,
    at: Date.now(),
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, milliseconds);
  });
}
