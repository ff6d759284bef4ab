import { buildMesh } from '../input/loadMesh';
import { readBareObjects } from '../input/readObjects';
import { systemTerminal } from '../systemTerminal';
import { analyzeParts } from './analyzeParts';
import { PartList } from './PartList';
import type { AnalysisTask, AnalyzedPart } from './types';

/** A helper's side of an analysis. Throws what is wrong with the input, as the thread that was asked does. */
export function serveAnalysis(
  task: AnalysisTask,
  thread: number,
): AnalyzedPart[] {
  const { files, options, cwd, now } = task;
  const parts = new PartList(task.parts);
  const snapshot = buildMesh(readBareObjects(files), {
    options,
    terminal: { ...systemTerminal(), cwd },
    reading: 'as istioctl',
  });
  return analyzeParts(parts.takeAs(thread), { snapshot, now, parts });
}
