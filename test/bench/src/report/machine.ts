import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Where the figures were taken. */
export interface Machine {
  cores: number;
  processor: string;
  memoryGb: number;
  node: string;
  platform: string;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown processor',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Load average of the last minute. */
export function currentLoad(): number {
  return Number(loadavg()[0].toFixed(1));
}
