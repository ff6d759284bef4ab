import { labBinaries, type Log } from '../build';
import { Oracle } from './Oracle';

/**
 * Starts the oracle, building it first if this clone's is not built (30 s after Istio, else about 10 minutes).
 * @throws LabBuildError with a sentence for a person when it cannot be built.
 */
export async function startOracle(
  options: {
    /** A program of one's own instead of the one built here. */
    program?: string;
    log?: Log;
  } = {},
): Promise<Oracle> {
  const program =
    options.program ??
    (await labBinaries({ only: ['mesh-oracle'], log: options.log })).paths[
      'mesh-oracle'
    ];
  return Oracle.create(program);
}
