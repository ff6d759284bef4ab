import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labBinaries, missingBinaries } from './build';
import { LAB_PROGRAMS, type LabBinaryPaths } from './RunningLab';

/** The programs of the lab, built first where they are missing. */
export async function findBinaries(
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<LabBinaryPaths> {
  const early = '/var/lib/istio-lab/run-bin';
  if (existsSync(early) && missingBinaries({ only: LAB_PROGRAMS }).length > 0) {
    return Object.fromEntries(
      LAB_PROGRAMS.map(name => [name, join(early, name)]),
    ) as LabBinaryPaths;
  }
  const { paths } = await labBinaries({ only: LAB_PROGRAMS, log, signal });
  return paths;
}
