import type { AnalysisPart } from '@istio-backstage/plugin-istio-common';

/** Many more than threads: one that starts late, or whose processor is busy, takes fewer of them. */
const PARTS = 32;
const NOBODY = 0;

/** The parts of an analysis, and which thread took each. */
export class PartList {
  readonly #takers: Int32Array<SharedArrayBuffer>;

  /** Over the memory of another thread's list, or over its own. */
  constructor(
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(
      PARTS * Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    this.#takers = new Int32Array(memory);
  }

  get all(): number[] {
    return Array.from({ length: this.#takers.length }, (_, part) => part);
  }

  /** Parts one after the other that nobody took before; they are this thread's. */
  *takeAs(thread: number): Generator<number> {
    for (const part of this.all) {
      const before = Atomics.compareExchange(
        this.#takers,
        part,
        NOBODY,
        thread,
      );
      if (before === NOBODY) yield part;
    }
  }

  hasTaken(thread: number): boolean {
    return this.all.some(part => Atomics.load(this.#takers, part) === thread);
  }

  rangeOf(part: number): AnalysisPart {
    return { index: part, of: this.#takers.length };
  }
}
