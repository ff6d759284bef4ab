import { equalBytes } from './bytes';
import { hashNode } from './merkle';
import type { Digest } from './types';

/** RFC 9162, section 2.1.3.2. */
export function verifyInclusion(
  options: {
    leafHash: Uint8Array;
    index: number;
    size: number;
    proof: readonly Uint8Array[];
    root: Uint8Array;
  },
  digest: Digest,
): boolean {
  const { index, size, proof, root } = options;
  if (!(index >= 0 && index < size)) return false;
  let node = index;
  let last = size - 1;
  let hash = options.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = hashNode({ left: sibling, right: hash }, digest);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = hashNode({ left: hash, right: sibling }, digest);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, root);
}

/** RFC 9162, section 2.1.4.2. */
export function verifyConsistency(
  options: {
    older: { size: number; root: Uint8Array };
    newer: { size: number; root: Uint8Array };
    proof: readonly Uint8Array[];
  },
  digest: Digest,
): boolean {
  const { older, newer, proof } = options;
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) {
    return proof.length === 0 && equalBytes(older.root, newer.root);
  }
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : [...proof];
  if (path.length === 0) return false;
  let node = older.size - 1;
  let last = newer.size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let olderHash = path[0];
  let newerHash = path[0];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      olderHash = hashNode({ left: sibling, right: olderHash }, digest);
      newerHash = hashNode({ left: sibling, right: newerHash }, digest);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newerHash = hashNode({ left: newerHash, right: sibling }, digest);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return (
    last === 0 &&
    equalBytes(olderHash, older.root) &&
    equalBytes(newerHash, newer.root)
  );
}

function isPowerOfTwo(value: number): boolean {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
}
