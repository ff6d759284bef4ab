import { statSync, truncateSync } from 'node:fs';

/** Bytes after which a log begins anew: proxies write one line per request. */
const LARGEST = 32 * 1024 * 1024;
const KEPT = 4_000;

/** What a container writes, and when it had written how much. */
export class LogFile {
  /** Sizes over time, oldest first; only changes. */
  private sizes: { at: number; size: number }[] = [];

  constructor(readonly path: string) {}

  /** Looks at the file; cuts it when it is too large. */
  note(now = Date.now()): void {
    const size = sizeOf(this.path);
    if (size > LARGEST) {
      // Writers append, so their next line goes to the new beginning.
      truncateSync(this.path, 0);
      this.sizes = [];
      return;
    }
    const last = this.sizes.at(-1);
    if (last && size < last.size) this.sizes = [];
    if (last?.size === size) return;
    this.sizes.push({ at: now, size });
    if (this.sizes.length > KEPT) {
      // Half of the older half: precise for what is recent, coarse for the rest.
      this.sizes = this.sizes.filter(
        (_, index) => index > KEPT / 2 || index % 2 === 0,
      );
    }
  }

  /** Where to begin so that nothing written since then (epoch milliseconds) is left out. */
  offsetSince(time: number): number {
    const before = this.sizes.filter(({ at }) => at <= time).at(-1);
    return before?.size ?? 0;
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
