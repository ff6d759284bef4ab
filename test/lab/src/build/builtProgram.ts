import { labBinaries, missingBinaries } from './labBinaries';
import type { BinaryName } from './types';

/** Path of a program of the lab that is there already; undefined where it would have to be built first. */
export async function builtProgram(
  name: BinaryName,
): Promise<string | undefined> {
  if (missingBinaries({ only: [name] }).length > 0) return undefined;
  const { paths } = await labBinaries({ only: [name] });
  return paths[name];
}
