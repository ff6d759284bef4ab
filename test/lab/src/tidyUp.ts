import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespacesOf, removeNamespace } from './network/controlNetwork';
import { ip } from './network/ip';
import { stateFolder } from './network/names';
import { isRunning, type ProcessId, readProcess } from './processes/procStat';
import { RecordedProcesses } from './processes/RecordedProcesses';

const OWNER = 'owner.json';

/** Processes that must go before the others: the agent would start again what is ended. */
const FIRST = ['agent'];

/** @throws Error when a running process, this one included, has a lab of that name */
export function claimName(lab: string): void {
  const file = join(stateFolder(lab), OWNER);
  if (existsSync(file)) {
    const owner: ProcessId = JSON.parse(readFileSync(file, 'utf8'));
    if (isRunning(owner)) {
      throw new Error(
        `The lab "${lab}" is running already (process ${owner.pid}): stop it, or take another name`,
      );
    }
  }
}

export function noteOwner(lab: string): void {
  const self = readProcess(process.pid);
  writeFileSync(join(stateFolder(lab), OWNER), JSON.stringify(self));
}

/** Ends and removes everything of a lab: recorded processes, namespaces with their links, files on request. */
export async function removeLab(
  lab: string,
  options: { keepState: boolean },
): Promise<void> {
  const state = stateFolder(lab);
  if (existsSync(state)) {
    const processes = new RecordedProcesses(join(state, 'processes'));
    for (const key of FIRST) await processes.stop(key, 10_000);
    await processes.stopAll();
  }
  for (const namespace of await namespacesOf(lab)) {
    await endLeftovers(namespace);
    await removeNamespace(namespace);
  }
  const files = options.keepState ? join(state, OWNER) : state;
  rmSync(files, { recursive: true, force: true });
}

/** What still lives in a namespace of the lab was started by one of its processes: Envoy by its agent. */
async function endLeftovers(namespace: string): Promise<void> {
  const pids = await ip('netns', 'pids', namespace).catch(() => '');
  for (const pid of pids.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended between the look and the signal.
    }
  }
}
