import type { Digest } from './types';

/** A complete subtree: leaves `[index * 2 ** level, (index + 1) * 2 ** level)`. */
export interface Subtree {
  level: number;
  index: number;
}

/** Leaves `[from, to)`. */
export interface LeafRange {
  from: number;
  to: number;
}

/** RFC 6962, section 2.1: the hash of one leaf d, `SHA-256(0x00 || d)`. */
export function hashLeaf(data: Uint8Array, digest: Digest): Uint8Array {
  const bytes = new Uint8Array(data.length + 1);
  bytes.set(data, 1);
  return digest.sha256(bytes);
}

/** RFC 6962, section 2.1: SHA-256(0x01 || left || right). */
export function hashNode(
  children: { left: Uint8Array; right: Uint8Array },
  digest: Digest,
): Uint8Array {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(children.left, 1);
  bytes.set(children.right, 33);
  return digest.sha256(bytes);
}

/**
 * The leaves cut into the largest complete subtrees, from left to right. Where the range is a
 * subtree of RFC 6962 (also one that is not full), folding them from the right gives its hash.
 */
export function splitRange({ from, to }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    let width = 1;
    // Doubling instead of shifting: sizes go beyond 32 bits.
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

/** Hash of a subtree of RFC 6962 from those of its {@link splitRange}. */
export function foldSubtrees(
  hashes: readonly Uint8Array[],
  digest: Digest,
): Uint8Array {
  if (hashes.length === 0) return digest.sha256(new Uint8Array(0));
  return hashes
    .slice(0, -1)
    .reduceRight(
      (right, left) => hashNode({ left, right }, digest),
      hashes[hashes.length - 1],
    );
}

/** Largest power of two smaller than `count`, which is at least 2. */
function splitPoint(count: number): number {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}

/** RFC 6962, section 2.1.1: the ranges whose hashes prove that a leaf is in a tree of this size. */
export function planInclusion(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) {
    throw new RangeError(`A tree of ${size} has no leaf ${index}`);
  }
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** RFC 6962, section 2.1.2: the ranges whose hashes prove that a tree continues a smaller one. */
export function planConsistency(older: number, newer: number): LeafRange[] {
  if (!(older >= 1 && older <= newer)) {
    throw new RangeError(
      `A tree of ${newer} does not continue one of ${older}`,
    );
  }
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = newer;
  let isWhole = true;
  while (older < to) {
    const middle = from + splitPoint(to - from);
    if (older <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
      isWhole = false;
    }
  }
  if (!isWhole) ranges.push({ from, to });
  return ranges.reverse();
}
