import type { AnalysisResult } from '@istio-backstage/plugin-istio-common';
import type { CommandOptions } from '../arguments/options';
import type { InputFile } from '../input/readFiles';

/** What every thread of an analysis needs to know. */
export interface AnalysisTask {
  files: readonly InputFile[];
  options: CommandOptions;
  cwd: string;
  /** Epoch milliseconds. */
  now: number;
  /** Memory of a `PartList`. */
  parts: SharedArrayBuffer;
}

/** A part that was analysed. */
export interface AnalyzedPart {
  part: number;
  result: AnalysisResult;
}

/** Other threads of this program. */
export interface Helpers {
  /** How many there may be. */
  count: number;
  /** Starts one on the task; it works on parts that nobody works on yet, until there are none. */
  start(task: AnalysisTask, number: number): Helper;
}

export interface Helper {
  /** What it analysed; less than it took where it came to grief. */
  done: Promise<readonly AnalyzedPart[]>;
  stop(): void;
}
