import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken: its number is used again, number and start time together are not. */
export interface ProcessId {
  pid: number;
  /** Clock ticks since the machine came up, field 22 of /proc/PID/stat. */
  startTime: number;
}

/** The start time in a line of /proc/PID/stat. The command's name may hold spaces and brackets. */
export function parseStartTime(stat: string): number {
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(rest[19]);
}

/** Whether a process has ended but was not waited for yet. */
const isZombie = (stat: string) =>
  stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');

/** Undefined when there is no such process. */
export function readProcess(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (isZombie(stat)) return undefined;
    return { pid, startTime: parseStartTime(stat) };
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. */
export const isRunning = (id: ProcessId) =>
  readProcess(id.pid)?.startTime === id.startTime;
