import type { Knex } from 'knex';
import { TinyApiServer } from '../../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';
import { checkInvariants } from '../checkInvariants';
import { createParts, createStore, createWriter } from '../createParts';
import { planThreeObjects } from '../planThreeObjects';
import { findIntent } from '../readRecord';
import { attemptOf, isWrite } from '../readRequest';
import type { CrashReport, DatabaseTarget, RequestFault } from '../types';
import type { Scene, SceneCase } from './types';

const TOKEN = 'canary-cluster-token';

/** A change of three objects that the portal sends itself, or that the cluster denies. */
export class ApplyScene implements Scene {
  static async start(options: {
    knex: Knex;
    database: DatabaseTarget;
    isDenied?: boolean;
  }): Promise<ApplyScene> {
    const server = await TinyApiServer.start();
    if (options.isDenied) server.writers = new Set();
    return new ApplyScene(options, server);
  }

  readonly program = 'applyMain';
  onRequest: (isWrite: boolean) => Promise<RequestFault | undefined> =
    async () => undefined;

  private constructor(
    private readonly options: Parameters<typeof ApplyScene.start>[0],
    private readonly server: TinyApiServer,
  ) {}

  open(owner: string): SceneCase {
    const { server } = this;
    const { knex, database, isDenied } = this.options;
    const change = planThreeObjects(server);
    const before = new Map(server.objects);
    const unannounced: string[] = [];
    server.seen.length = 0;
    server.onRequest = async request => {
      // A1: the intent that names this attempt was committed before.
      if (isWrite(request) && !(await findIntent(knex, attemptOf(request)))) {
        unannounced.push(`${request.method} ${request.path}`);
      }
      return this.onRequest(isWrite(request));
    };
    return {
      task: {
        journey: 'apply',
        database,
        apiServer: server.url,
        apiToken: TOKEN,
        owner,
        change,
      },
      recover: () => this.recover(change.id),
      findViolations: async (report: CrashReport | undefined) => [
        ...unannounced.map(each => `A1: ${each} came before its intent`),
        ...(await checkInvariants({ knex, change, before, server })),
        ...(isDenied ? await this.findUndenied(change.id, report) : []),
      ],
    };
  }

  close(): Promise<void> {
    return this.server.stop();
  }

  /** A8: what the cluster denied is recorded as that, and nothing of it was sent. */
  private async findUndenied(
    id: string,
    report: CrashReport | undefined,
  ): Promise<string[]> {
    const row = await this.options
      .knex('mesh_change')
      .where({ id })
      .first('state');
    if (!row && report?.error) return [];
    const isRecorded = row === undefined || row.state === 'denied';
    return isRecorded ? [] : [`A8: denied, and recorded as ${row.state}`];
  }

  private async recover(id: string): Promise<void> {
    const { server } = this;
    const { knex } = this.options;
    const going = this.onRequest;
    this.onRequest = async () => undefined;
    const store = createStore(knex);
    const { starter, recovery } = createParts({
      store,
      writer: await createWriter(server.url, TOKEN),
      owner: 'survivor',
      settleSeconds: 0,
      now: Date.now,
    });
    await knex('mesh_change')
      .where({ id })
      .update({ lease_until: 0, timer_until: 0 });
    const due = await store.claimDue({
      states: ['scheduled'],
      timer: 'applyAt',
      seconds: 60,
      limit: 10,
    });
    for (const each of due) {
      await starter.start(each);
    }
    await recovery.run();
    this.onRequest = going;
  }
}
