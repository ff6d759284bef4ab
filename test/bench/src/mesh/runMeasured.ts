import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { childCpuMs } from './childCpu';

/** One run of a program. */
export interface MeasuredRun {
  /** From its start to its end. */
  ms: number;
  /** Processor time of all its threads: what a busy machine does not change much; NaN where the system does not tell. */
  cpuMs: number;
  /** The most memory it ever held, in MB; NaN where the system does not tell (Linux does). */
  peakMb: number;
  exitCode: number | null;
  output: string;
}

const ASK_EVERY_MS = 20;

/** Runs a program to its end and watches it from outside, so that every program is measured alike; one at a time. */
export function runMeasured(
  command: string,
  args: readonly string[],
): Promise<MeasuredRun> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const cpuBefore = childCpuMs();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let peakMb = NaN;
    const asking = setInterval(() => {
      peakMb = peakOf(child.pid) ?? peakMb;
    }, ASK_EVERY_MS);
    const output: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.on('error', error => {
      clearInterval(asking);
      reject(error);
    });
    child.on('close', exitCode => {
      clearInterval(asking);
      resolve({
        ms: performance.now() - startedAt,
        cpuMs: childCpuMs() - cpuBefore,
        peakMb,
        exitCode,
        output: Buffer.concat(output).toString(),
      });
    });
  });
}

/** The kernel keeps the peak itself: asking late loses nothing but the last moments. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}
