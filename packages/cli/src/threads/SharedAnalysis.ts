import {
  analyze,
  mergeAnalyses,
  type AnalysisResult,
  type MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { CommandOptions } from '../arguments/options';
import type { InputFile } from '../input/readFiles';
import type { Terminal } from '../types';
import { analyzeParts } from './analyzeParts';
import { PartList } from './PartList';
import type { Helper } from './types';

/** Characters of input below which a thread takes longer to start than it helps. */
const WORTH_HELP = 1_000_000;
const THIS_THREAD = 1;

/**
 * An analysis that other threads help with where there is much to do: each makes the same mesh of the same files
 * and judges a part of its objects. What a thread that came to grief left undone is done here.
 */
export class SharedAnalysis {
  readonly #helpers: ReadonlyMap<number, Helper>;
  readonly #parts: PartList;
  readonly #now: number;

  private constructor(
    helpers: ReadonlyMap<number, Helper>,
    parts: PartList,
    now: number,
  ) {
    this.#helpers = helpers;
    this.#parts = parts;
    this.#now = now;
  }

  /** The helpers are at work from now on; `stop` must follow. */
  static start(
    files: readonly InputFile[],
    given: { options: CommandOptions; terminal: Terminal },
  ): SharedAnalysis {
    const { options, terminal } = given;
    const now = terminal.now();
    const parts = new PartList();
    const helpers = new Map<number, Helper>();
    const size = files.reduce((sum, { text }) => sum + text.length, 0);
    const count = size < WORTH_HELP ? 0 : terminal.helpers?.count ?? 0;
    const { cwd } = terminal;
    const task = { files, options, cwd, now, parts: parts.memory };
    for (let thread = THIS_THREAD + 1; helpers.size < count; thread += 1) {
      const helper = terminal.helpers?.start(task, thread);
      if (!helper) break;
      helpers.set(thread, helper);
    }
    return new SharedAnalysis(helpers, parts, now);
  }

  /** The findings about the mesh of the files. */
  async analyze(snapshot: MeshSnapshot): Promise<AnalysisResult> {
    const now = this.#now;
    if (this.#helpers.size === 0) {
      return analyze({ snapshot, now });
    }
    const parts = this.#parts;
    const work = { snapshot, now, parts };
    const own = analyzeParts(parts.takeAs(THIS_THREAD), work);
    const others = await Promise.all(
      [...this.#helpers]
        // One that took nothing until now finds nothing left.
        .filter(([thread]) => parts.hasTaken(thread))
        .map(([, helper]) => helper.done),
    );
    const analyzed = [...own, ...others.flat()];
    const done = new Set(analyzed.map(({ part }) => part));
    const left = parts.all.filter(part => !done.has(part));
    return mergeAnalyses(
      [...analyzed, ...analyzeParts(left, work)].map(({ result }) => result),
    );
  }

  stop(): void {
    for (const helper of this.#helpers.values()) helper.stop();
  }
}
