import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './types';

/**
 * Runs `work` as the only builder on this cache: two labs started beside each other do not compile the same
 * twice at once. A lock whose process has ended is taken over.
 */
export async function whileOnlyBuilder<T>(
  folder: string,
  work: () => Promise<T>,
  { log, signal }: { log: Log; signal?: AbortSignal },
): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const file = join(folder, 'building');
  for (let told = false; !take(file); ) {
    const holder = holderOf(file);
    if (holder === undefined) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) log(`Process ${holder} is building; waiting for it.`);
    told = true;
    await delay(500, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, {
      flag: 'wx',
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Process id of a living holder; undefined when it has ended, or when its number went to another process. */
function holderOf(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const [pid, start] = text.split(' ');
  return start !== undefined && startOf(Number(pid)) === start
    ? Number(pid)
    : undefined;
}

/** When a process started, in ticks since the machine's start; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name and may hold spaces; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
