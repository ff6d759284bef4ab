import { foldSubtrees, hashNode, type Subtree } from './merkle';
import type { Digest } from './types';

interface Peak extends Subtree {
  hash: Uint8Array;
}

/**
 * The right edge of a growing tree: enough to append and to tell the root, a few dozen hashes for
 * any size.
 */
export class CompactRange {
  static create(options: {
    digest: Digest;
    /** Told of each subtree when its last leaf is there, from the leaves up. */
    onNode?: (node: Peak) => void;
  }): CompactRange {
    return new CompactRange(options.digest, options.onNode);
  }

  private readonly peaks: Peak[] = [];
  private leaves = 0;

  private constructor(
    private readonly digest: Digest,
    private readonly onNode?: (node: Peak) => void,
  ) {}

  /** How many leaves are in. */
  get size(): number {
    return this.leaves;
  }

  /** Adds the next complete subtree, by default one leaf. */
  append(hash: Uint8Array, level: number = 0): void {
    const width = 2 ** level;
    if (this.leaves % width !== 0) {
      throw new RangeError(
        `After ${this.leaves} leaves no subtree of ${width} can follow`,
      );
    }
    let node: Peak = { level, index: this.leaves / width, hash };
    this.leaves += width;
    this.onNode?.(node);
    while (this.peaks.at(-1)?.level === node.level) {
      const left = this.peaks.pop()!;
      node = {
        level: node.level + 1,
        index: Math.floor(node.index / 2),
        hash: hashNode({ left: left.hash, right: node.hash }, this.digest),
      };
      this.onNode?.(node);
    }
    this.peaks.push(node);
  }

  /** RFC 6962 hash of the tree so far. */
  root(): Uint8Array {
    return foldSubtrees(
      this.peaks.map(({ hash }) => hash),
      this.digest,
    );
  }
}
