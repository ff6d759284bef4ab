import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import { verifyLog } from '../../../../plugins/istio-backend/src/audit/__testUtils__/verifyLog';
import {
  TinyApiServer,
  type SeenRequest,
} from '../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';
import type { NewChange } from '../../../../plugins/istio-backend/src/changes/types';
import { checkInvariants } from './checkInvariants';
import { createParts, createStore, createWriter } from './createParts';
import { openOptions } from './openOptions';
import { isAnnounced } from './readRecord';
import { planThreeObjects } from './planThreeObjects';
import type { CrashReport, DatabaseTarget, Fault } from './types';

const MIGRATIONS = resolve(
  __dirname,
  '../../../../plugins/istio-backend/migrations',
);

const MODULES = resolve(__dirname, '../../../../node_modules');

/** What one run was. */
export interface CrashRun {
  change: NewChange;
  /** Absent when the process died. */
  report?: CrashReport;
  requests: SeenRequest[];
  /** What must not be, in words; empty when all is well. */
  violations: string[];
}

/** A database and an API server for one run after another; the next child is loaded while one runs. */
export class CrashSlot {
  static async open(options: {
    database: DatabaseTarget;
    childFile: string;
  }): Promise<CrashSlot> {
    const knex = knexFactory(openOptions(options.database));
    await knex.migrate.latest({ directory: MIGRATIONS });
    return new CrashSlot(options, knex, await TinyApiServer.start());
  }

  private spare: ChildProcess;

  private constructor(
    private readonly options: { database: DatabaseTarget; childFile: string },
    private readonly knex: Knex,
    private readonly server: TinyApiServer,
  ) {
    this.spare = this.load();
  }

  /** With `fault`; without recovery afterwards where a test wants to see what it is for. */
  async run(
    fault?: Fault,
    options: { isAbandoned?: boolean } = {},
  ): Promise<CrashRun> {
    const change = planThreeObjects(this.server);
    const before = new Map(this.server.objects);
    const unannounced: string[] = [];
    this.server.seen.length = 0;
    const child = this.spare;
    this.spare = this.load();
    let requests = 0;
    this.server.onRequest = async request => {
      const index = requests;
      requests += 1;
      if (isWrite(request) && !(await this.isAnnounced(request, change.id))) {
        unannounced.push(`${request.method} ${request.path}`);
      }
      if (fault?.at !== 'http' || fault.index !== index) return undefined;
      if (fault.kind === 'stopped') {
        child.kill('SIGSTOP');
        await this.overtake(child, change.id);
        return undefined;
      }
      return injectHttpFault(fault, child);
    };
    const report = await this.send(child, change, fault);
    const seen = [...this.server.seen];
    if (!options.isAbandoned) {
      await this.recover(change.id);
    }
    const violations = await checkInvariants({
      knex: this.knex,
      change,
      before,
      server: this.server,
    });
    return {
      change,
      report,
      requests: seen,
      violations: [
        ...unannounced.map(each => `A1: ${each} came before its intent`),
        ...violations,
      ],
    };
  }

  /** A3: what is wrong with the log after all that happened to it; empty when nothing is. */
  async findLogProblems(): Promise<unknown[]> {
    return (await verifyLog(this.knex)).problems;
  }

  async close(): Promise<void> {
    this.spare.kill('SIGKILL');
    await this.server.stop();
    await this.knex.destroy();
  }

  private load(): ChildProcess {
    return fork(this.options.childFile, {
      // The database drivers are native and stay outside the bundle.
      env: {
        ...process.env,
        NODE_PATH: MODULES,
        NODE_COMPILE_CACHE: join(dirname(this.options.childFile), 'compiled'),
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  private async send(
    child: ChildProcess,
    change: NewChange,
    fault: Fault | undefined,
  ): Promise<CrashReport | undefined> {
    let report: CrashReport | undefined;
    child.on('message', message => {
      if (message === 'stopping') void this.overtake(child, change.id);
      else report = message as CrashReport;
    });
    const ended = once(child, 'exit');
    child.send({
      database: this.options.database,
      apiServer: this.server.url,
      owner: `child-${child.pid}`,
      change,
      fault,
    });
    await ended;
    return report;
  }

  /** A1: the intent that names this attempt was committed before the request came. */
  private async isAnnounced(
    request: SeenRequest,
    changeId: string,
  ): Promise<boolean> {
    return isAnnounced(this.knex, {
      changeId,
      id: String(request.headers['audit-id'] ?? ''),
    });
  }

  /** Another replica has its turn while the child stands still; then the child goes on. */
  private async overtake(child: ChildProcess, id: string): Promise<void> {
    const going = this.server.onRequest;
    await stopped(child);
    await this.recover(id);
    this.server.onRequest = going;
    child.kill('SIGCONT');
  }

  /** What another replica does when the leases of the dead one have run out. */
  private async recover(id: string): Promise<void> {
    this.server.onRequest = async request => {
      if (isWrite(request) && !(await this.isAnnounced(request, id))) {
        throw new Error('a recovery that writes unannounced');
      }
      return undefined;
    };
    const store = createStore(this.knex);
    const { starter, recovery } = createParts({
      store,
      writer: await createWriter(this.server.url),
      owner: 'survivor',
      settleSeconds: 0,
      now: Date.now,
    });
    await this.knex('mesh_change')
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
  }
}

export function isWrite(request: SeenRequest): boolean {
  return (
    request.method !== 'GET' &&
    !request.query.has('dryRun') &&
    request.path.includes('/namespaces/')
  );
}

/** Resolves when the system says so of the process. */
async function stopped(child: ChildProcess): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    if (/\) [Tt] /.test(stat)) return;
    await setImmediate();
  }
}

function injectHttpFault(fault: Fault, child: ChildProcess) {
  switch (fault.kind) {
    case 'error':
      return { status: 500 };
    case 'killedBefore':
      child.kill('SIGKILL');
      return 'dropBefore' as const;
    case 'killedAfter':
      child.kill('SIGKILL');
      return 'dropAfter' as const;
    default:
      return 'dropAfter' as const;
  }
}
