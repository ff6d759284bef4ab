import { readFileSync } from 'node:fs';

/** Of `/proc/self/stat`, behind the name of the program: time of ended children in their own code and in the system's. */
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;
/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const MS_PER_TICK = 10;

/** Processor time of all children of this process that have ended, in ms; NaN where the system does not tell (Linux does). */
export function childCpuMs(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (
      (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) *
      MS_PER_TICK
    );
  } catch {
    return NaN;
  }
}
