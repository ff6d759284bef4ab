import {
  AUDIT_TABLES,
  bytesToHex,
  CompactRange,
  foldSubtrees,
  LeafRange,
  parseHash,
  splitRange,
  TILE_LEVELS,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { nodeDigest } from './nodeDigest';

const TILE = 2 ** TILE_LEVELS;

/**
 * Stores the subtrees that the entries `from + 1` to `to` completed. One level is stored in eight, so
 * that any node is a short read away.
 */
export async function storeFullNodes(
  transaction: Knex.Transaction,
  { from, to }: LeafRange,
): Promise<void> {
  let [first, end] = [Math.floor(from / TILE), Math.floor(to / TILE)];
  for (let level = 1; first < end; level += 1) {
    for (let idx = first; idx < end; idx += 1) {
      const below = await readLevel(transaction, {
        level: level - 1,
        from: idx * TILE,
        to: (idx + 1) * TILE,
      });
      await transaction(AUDIT_TABLES.node).insert({
        level,
        idx,
        hash: bytesToHex(rootOf(below)),
      });
    }
    [first, end] = [Math.floor(first / TILE), Math.floor(end / TILE)];
  }
}

/** Hash of each range of leaves, as proofs want them. */
export async function hashRanges(
  knex: Knex,
  ranges: readonly LeafRange[],
): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const range of ranges) {
    hashes.push(foldSubtrees(await hashSubtrees(knex, range), nodeDigest));
  }
  return hashes;
}

/** Hashes of the complete subtrees that make up a range, from the left. */
export async function hashSubtrees(
  knex: Knex,
  range: LeafRange,
): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const { level, index } of splitRange(range)) {
    const stored = Math.floor(level / TILE_LEVELS);
    const width = 2 ** (level % TILE_LEVELS);
    hashes.push(
      rootOf(
        await readLevel(knex, {
          level: stored,
          from: index * width,
          to: (index + 1) * width,
        }),
      ),
    );
  }
  return hashes;
}

/** Root of the tree over the first `size` entries. */
export async function readRoot(knex: Knex, size: number): Promise<Uint8Array> {
  return foldSubtrees(
    await hashSubtrees(knex, { from: 0, to: size }),
    nodeDigest,
  );
}

async function readLevel(
  knex: Knex,
  { level, from, to }: LeafRange & { level: number },
): Promise<Uint8Array[]> {
  const rows: { hash: string }[] =
    level === 0
      ? await knex(AUDIT_TABLES.entry)
          .select({ hash: 'entry_hash' })
          .whereBetween('seq', [from + 1, to])
          .orderBy('seq')
      : await knex(AUDIT_TABLES.node)
          .select('hash')
          .where('level', level)
          .whereBetween('idx', [from, to - 1])
          .orderBy('idx');
  const hashes = rows.map(({ hash }) => parseHash(hash));
  if (hashes.length !== to - from || hashes.includes(undefined)) {
    throw new Error(
      `The audit log lacks hashes of level ${level} from ${from} to ${to}; verify it`,
    );
  }
  return hashes as Uint8Array[];
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const range = CompactRange.create({ digest: nodeDigest });
  hashes.forEach(hash => range.append(hash));
  return range.root();
}
