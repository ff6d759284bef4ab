import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Knex } from 'knex';
import { verifyLog } from '../../../../plugins/istio-backend/src/audit/__testUtils__/verifyLog';
import { forkChild } from './forkChild';
import type { Scene, SceneCase } from './scenes/types';
import type {
  ChildMessage,
  CrashReport,
  CrashTask,
  Fault,
  RequestFault,
} from './types';

/** What one run was. */
export interface CrashRun {
  /** Absent when the process died. */
  report?: CrashReport;
  requests: { isWrite: boolean }[];
  /** What was open when the process was gone, before anybody else had a turn. */
  open: string[];
  /** What must not be, in words; empty when all is well. */
  violations: string[];
}

/**
 * A database with a scene for one run after another. A child takes runs until it dies, and the next one
 * is loaded meanwhile.
 */
export class CrashSlot {
  static create(options: {
    knex: Knex;
    scene: Scene;
    /** The program of the scene. */
    childFile: string;
  }): CrashSlot {
    return new CrashSlot(options);
  }

  private child?: ChildProcess;
  private spare?: ChildProcess;
  private troubles: string[] = [];

  private constructor(
    private readonly options: Parameters<typeof CrashSlot.create>[0],
  ) {}

  async run(fault?: Fault): Promise<CrashRun> {
    const { scene } = this.options;
    const child = this.take(fault);
    const one = scene.open(`child-${child.pid}`);
    const requests: { isWrite: boolean }[] = [];
    scene.onRequest = async isWrite => {
      const index = requests.push({ isWrite }) - 1;
      if (fault?.at !== 'http' || fault.index !== index) return undefined;
      if (fault.kind === 'stopped') {
        child.kill('SIGSTOP');
        await this.overtake(child, one);
        return undefined;
      }
      return injectHttpFault(fault, child);
    };
    const report = await this.send(child, one, fault);
    if (!report) this.child = undefined;
    const died = !report && !fault?.kind.startsWith('killed');
    const seen = [...requests];
    scene.onRequest = async () => undefined;
    const open = report ? [] : await one.findViolations(report);
    await one.recover();
    return {
      report,
      requests: seen,
      open,
      violations: [
        ...(died ? ['the process died of it'] : []),
        ...this.troubles.splice(0),
        ...(await one.findViolations(report)),
      ],
    };
  }

  /** A3 and A6: what is wrong with the log after all that happened to it; empty when nothing is. */
  async findLogProblems(): Promise<unknown[]> {
    return (await verifyLog(this.options.knex)).problems;
  }

  /** A7: tables that hold a token or a password. */
  async findSecrets(): Promise<string[]> {
    const { knex } = this.options;
    const found: string[] = [];
    for (const table of [
      'audit_entry',
      'audit_payload',
      'mesh_change',
      'change_operation',
    ]) {
      const rows = await knex(table);
      if (JSON.stringify(rows).includes('canary-')) found.push(table);
    }
    return found;
  }

  async close(): Promise<void> {
    this.child?.kill('SIGKILL');
    this.spare?.kill('SIGKILL');
    await this.options.scene.close();
    await this.options.knex.destroy();
  }

  /** One that lives; where this run is its last, another loads meanwhile. */
  private take(fault: Fault | undefined): ChildProcess {
    const { childFile } = this.options;
    const child = this.child ?? this.spare ?? forkChild(childFile);
    if (child === this.spare) this.spare = undefined;
    this.child = child;
    if (fault?.kind.startsWith('killed')) {
      this.spare ??= forkChild(childFile);
    }
    return child;
  }

  /** What the child reports; undefined when it died. */
  private async send(
    child: ChildProcess,
    one: SceneCase,
    fault: Fault | undefined,
  ): Promise<CrashReport | undefined> {
    return new Promise(end => {
      const leave = (report?: CrashReport) => {
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        end(report);
      };
      child.once('exit', () => leave());
      child.on('message', async (message: ChildMessage) => {
        if (message.is === 'stopping') await this.overtake(child, one);
        else leave(message);
      });
      child.send({ ...one.task, fault } satisfies CrashTask);
    });
  }

  /** Another replica has its turn while the child stands still; then the child goes on. */
  private async overtake(child: ChildProcess, one: SceneCase): Promise<void> {
    await stopped(child);
    try {
      await one.recover();
    } catch (error) {
      this.troubles.push(`nobody else gets its turn: ${error}`);
    }
    child.kill('SIGCONT');
  }
}

/** Resolves when the system says so of the process. */
async function stopped(child: ChildProcess): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    if (/\) [Tt] /.test(stat)) return;
    await setImmediate();
  }
}

function injectHttpFault(fault: Fault, child: ChildProcess): RequestFault {
  switch (fault.kind) {
    case 'error':
      return { status: 500 };
    case 'killedBefore':
      child.kill('SIGKILL');
      return 'dropBefore';
    case 'killedAfter':
      child.kill('SIGKILL');
      return 'dropAfter';
    default:
      return 'dropAfter';
  }
}
