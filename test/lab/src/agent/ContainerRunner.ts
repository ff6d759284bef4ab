import { join } from 'node:path';
import { inNamespace } from '../network/controlNetwork';
import { signalProcess } from '../processes/RecordedProcesses';
import type { AgentContext } from './AgentContext';
import type { ContainerProcess } from './containerProcesses';
import { LogFile } from './LogFile';
import type { ContainerState } from './podStatus';
import { passes } from './probe';

/** Milliseconds before a process that ended is started again: doubled each time up to the last. */
const FIRST_PAUSE = 500;
const LAST_PAUSE = 10_000;
const DEFAULT_FAILURES = 3;

const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** One container of a Pod: its process, its restarts, its probes. */
export class ContainerRunner {
  readonly state: ContainerState = {
    ready: false,
    started: false,
    restarts: 0,
  };
  readonly log: LogFile;
  private failures = 0;
  private nextStart = 0;
  private ended = false;
  private looking = false;

  constructor(
    private readonly context: AgentContext,
    private readonly options: {
      process: ContainerProcess;
      /** Network namespace of the Pod. */
      namespace: string;
      address: string;
      folder: string;
      /** Under which the process is recorded. */
      key: string;
    },
  ) {
    this.log = new LogFile(join(options.folder, `${this.name}.log`));
  }

  get name(): string {
    return this.options.process.container.name;
  }

  /** Starts the process if it should run and does not, and looks through its probe. */
  async tick(): Promise<void> {
    this.log.note();
    if (this.ended || this.looking) return;
    if (!this.state.runningSince) {
      if (Date.now() >= this.nextStart) this.start();
      return;
    }
    this.looking = true;
    try {
      await this.look();
    } finally {
      this.looking = false;
    }
  }

  /** No further starts; the process hears SIGTERM. */
  terminate(): void {
    this.ended = true;
    const id = this.context.processes.read(this.options.key);
    if (id) signalProcess(id, 'SIGTERM');
  }

  isGone(): boolean {
    return !this.context.processes.isRunning(this.options.key);
  }

  /** Ends the process and everything it started. */
  kill(): void {
    this.ended = true;
    const id = this.context.processes.read(this.options.key);
    if (id) signalProcess(id, 'SIGKILL');
    this.context.processes.forget(this.options.key);
  }

  private async look(): Promise<void> {
    const { process, address, namespace } = this.options;
    const { container } = process;
    const where = { container, address, namespace };
    const state = this.state;
    if (!state.started) {
      state.started = await passes(container.startupProbe, where);
      if (!state.started) return;
    }
    if (await passes(container.readinessProbe, where)) {
      this.failures = 0;
      // The process may have ended while the probe looked.
      state.ready = state.runningSince !== undefined;
      return;
    }
    this.failures += 1;
    const allowed =
      container.readinessProbe?.failureThreshold ?? DEFAULT_FAILURES;
    if (this.failures >= allowed) state.ready = false;
  }

  private start(): void {
    const { process, namespace, key } = this.options;
    const user = String(process.user);
    this.context.processes.start({
      key,
      command: inNamespace(namespace, [
        'setpriv',
        `--reuid=${user}`,
        `--regid=${user}`,
        '--clear-groups',
        ...process.argv,
      ]),
      env: process.env,
      cwd: process.cwd,
      log: this.log.path,
      logOwner: process.user,
      onExit: (code, signal) => this.onExit(code, signal),
    });
    this.state.runningSince = now();
  }

  private onExit(code: number | null, signal: NodeJS.Signals | null): void {
    const { state } = this;
    state.runningSince = undefined;
    state.ready = false;
    state.started = false;
    state.lastExit = {
      code: code ?? 137,
      ...(signal && { signal }),
      finishedAt: now(),
    };
    this.failures = 0;
    if (this.ended) return;
    this.nextStart =
      Date.now() + Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** state.restarts);
    state.restarts += 1;
  }
}
