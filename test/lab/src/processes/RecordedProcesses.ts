import { spawn } from 'node:child_process';
import {
  closeSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from '../waitFor';
import { isRunning, type ProcessId, readProcess } from './procStat';

export interface Spawning {
  /** Under which the process is recorded; unique in the lab. */
  key: string;
  command: string[];
  /** File that takes what the process prints. */
  log: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Owner of the log file: Envoy opens /dev/stdout by path and must own what is behind it. */
  logOwner?: number;
  onExit?: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** Milliseconds a process may take to end when asked. */
const PATIENCE = 5_000;

/**
 * The processes of one lab, each written down with its start time before anything else happens, so
 * that the next start can end what a killed lab left behind, and nothing else.
 */
export class RecordedProcesses {
  private closed = false;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** From now on nothing can be started. */
  close(): void {
    this.closed = true;
  }

  /**
   * Starts a process in a group of its own.
   *
   * @throws Error when the program cannot be started
   */
  start(options: Spawning): ProcessId {
    if (this.closed) throw new Error(`${options.key}: the lab is ending`);
    mkdirSync(dirname(options.log), { recursive: true });
    const file = openSync(options.log, 'a', 0o644);
    if (options.logOwner !== undefined) {
      fchownSync(file, options.logOwner, options.logOwner);
    }
    const [program, ...args] = options.command;
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', file, file],
      detached: true,
    });
    closeSync(file);
    child.on('error', () => undefined);
    if (child.pid === undefined) {
      throw new Error(`${program} could not be started`);
    }
    const id = readProcess(child.pid) ?? { pid: child.pid, startTime: -1 };
    writeFileSync(
      this.fileOf(options.key),
      JSON.stringify({ ...id, command: options.command.slice(0, 8) }),
    );
    child.on('exit', (code, signal) => options.onExit?.(code, signal));
    child.unref();
    return id;
  }

  /** Asks the process and its group to end, then insists. Forgets it. */
  async stop(key: string, patience = PATIENCE): Promise<void> {
    const id = this.read(key);
    if (id) await endProcess(id, patience);
    rmSync(this.fileOf(key), { force: true });
  }

  /** Ends everything that is written down, together. */
  async stopAll(patience = PATIENCE): Promise<void> {
    await Promise.all(this.keys().map(key => this.stop(key, patience)));
  }

  keys(): string[] {
    return readdirSync(this.folder)
      .filter(name => name.endsWith('.json'))
      .map(name => name.slice(0, -'.json'.length));
  }

  read(key: string): ProcessId | undefined {
    try {
      return JSON.parse(readFileSync(this.fileOf(key), 'utf8'));
    } catch {
      return undefined;
    }
  }

  isRunning(key: string): boolean {
    const id = this.read(key);
    return id !== undefined && isRunning(id);
  }

  forget(key: string): void {
    rmSync(this.fileOf(key), { force: true });
  }

  private fileOf(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}

/** Signals a group through its leader, if the leader is still the recorded process. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isRunning(id)) return false;
  try {
    process.kill(-id.pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function endProcess(id: ProcessId, patience: number): Promise<void> {
  if (!signalProcess(id, 'SIGTERM')) return;
  try {
    await waitFor(() => !isRunning(id), {
      what: `the end of process ${id.pid}`,
      timeoutSeconds: patience / 1000,
      every: 50,
    });
  } catch {
    signalProcess(id, 'SIGKILL');
  }
}
