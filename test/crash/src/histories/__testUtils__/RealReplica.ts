import type { ChildProcess } from 'node:child_process';
import type { NewChange } from '../../../../../plugins/istio-backend/src/changes/types';
import { CuttableProxy } from '../../__testUtils__/CuttableProxy';
import { forkChild } from '../../__testUtils__/forkChild';
import type {
  Pace,
  ReplicaOrder,
  ReplicaStart,
} from '../../__testUtils__/replicaTypes';
import type { DatabaseTarget } from '../../__testUtils__/types';

/** What befalls a replica: it dies, stands still for a time, or is cut off for a time. */
export type Misfortune =
  | { is: 'kill' }
  | { is: 'stop' | 'cut'; milliseconds: number };

/** The place of one replica: a process, and the next one when it dies, behind network that can be cut. */
export class RealReplica {
  static async start(options: {
    name: string;
    childFile: string;
    database: DatabaseTarget;
    apiServer: string;
    pace: Pace;
  }): Promise<RealReplica> {
    const [database, api] = await Promise.all([
      CuttableProxy.start(addressOf(options.database.connection)),
      CuttableProxy.start(addressOf(options.apiServer)),
    ]);
    return new RealReplica(options, { database, api });
  }

  /** When it died, stood still or was cut off. */
  readonly faults: number[] = [];
  /** It died although nobody killed it. */
  crashes = 0;
  private lives = 0;
  private child: ChildProcess;
  private orders = 0;
  private readonly open = new Map<number, () => void>();
  private readonly troubles = new Set<Promise<void>>();
  private isStopped = false;

  private constructor(
    private readonly options: Parameters<typeof RealReplica.start>[0],
    private readonly proxies: Record<'database' | 'api', CuttableProxy>,
  ) {
    this.child = this.live();
  }

  get isAble(): boolean {
    return !this.isStopped;
  }

  /** Resolves when it did it, well or not, or died. */
  do(
    order:
      | { action: 'submit' | 'schedule'; change: NewChange }
      | { action: 'lookAtTimers' | 'recover' },
  ): Promise<void> {
    this.orders += 1;
    const id = this.orders;
    return new Promise(resolve => {
      this.open.set(id, resolve);
      const message: ReplicaOrder = { is: 'do', id, ...order };
      this.child.send(message, () => undefined);
    });
  }

  /** The misfortune comes when so many more pieces went out to database and cluster. */
  expect(misfortune: Misfortune, pieces: number): void {
    let left = pieces;
    const count = () => {
      left -= 1;
      if (left > 0) return;
      this.forget();
      this.suffer(misfortune);
    };
    this.proxies.database.onPiece = count;
    this.proxies.api.onPiece = count;
  }

  /** No more misfortunes; what was stopped goes on, and everything that was begun has ended. */
  async comeToRest(): Promise<void> {
    this.forget();
    await Promise.all(this.troubles);
    while (this.open.size > 0) {
      await new Promise<void>(resolve => {
        const [[id, end]] = this.open;
        this.open.set(id, () => {
          end();
          resolve();
        });
      });
    }
  }

  async stop(): Promise<void> {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
    await Promise.all(Object.values(this.proxies).map(proxy => proxy.stop()));
  }

  private forget(): void {
    for (const proxy of Object.values(this.proxies)) {
      proxy.onPiece = () => undefined;
    }
  }

  private suffer(misfortune: Misfortune): void {
    this.faults.push(Date.now());
    if (misfortune.is === 'kill') {
      this.child.removeAllListeners('exit');
      this.child.kill('SIGKILL');
      this.child = this.live();
      return;
    }
    const { is, milliseconds } = misfortune;
    const { child } = this;
    if (is === 'stop') {
      this.isStopped = true;
      child.kill('SIGSTOP');
    } else for (const proxy of Object.values(this.proxies)) proxy.cut();
    const passed = new Promise<void>(resolve => {
      setTimeout(resolve, milliseconds);
    }).then(() => {
      this.troubles.delete(passed);
      if (is === 'stop') {
        this.isStopped = false;
        child.kill('SIGCONT');
      } else for (const proxy of Object.values(this.proxies)) proxy.mend();
    });
    this.troubles.add(passed);
  }

  private live(): ChildProcess {
    this.lives += 1;
    this.endAll();
    const { name, childFile, database, pace } = this.options;
    const child = forkChild(childFile);
    child.on('message', ({ done }: { done: number }) => this.end(done));
    child.on('exit', () => {
      this.crashes += 1;
      this.child = this.live();
    });
    const start: ReplicaStart = {
      pace,
      owner: `${name}-${this.lives}`,
      database: {
        ...database,
        connection: through(database.connection, this.proxies.database),
      },
      apiServer: through(this.options.apiServer, this.proxies.api),
    };
    child.send({ is: 'start', ...start });
    return child;
  }

  private end(id: number): void {
    const end = this.open.get(id);
    this.open.delete(id);
    end?.();
  }

  private endAll(): void {
    for (const id of [...this.open.keys()]) this.end(id);
  }
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** The same address by way of the proxy. */
function through(url: string, { port }: CuttableProxy): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(port);
  return changed.href.replace(/\/$/, '');
}
