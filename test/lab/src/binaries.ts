import { labBinaries } from './build';
import { LAB_PROGRAMS, type LabBinaryPaths } from './RunningLab';

/** The programs of the lab, built first where they are missing. */
export async function findBinaries(
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<LabBinaryPaths> {
  const { paths } = await labBinaries({ only: LAB_PROGRAMS, log, signal });
  return paths;
}
