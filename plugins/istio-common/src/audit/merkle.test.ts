import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import * as fc from 'fast-check';
import { CompactRange } from './CompactRange';
import { portableDigest as digest } from './digest';
import {
  foldSubtrees,
  hashLeaf,
  hashNode,
  LeafRange,
  planConsistency,
  planInclusion,
  splitRange,
} from './merkle';
import { verifyConsistency, verifyInclusion } from './proofs';

/** The eight leaves and roots of Google's Certificate Transparency test data. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex => hashLeaf(hexToBytes(hex), digest));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** RFC 6962, section 2.1, word by word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return digest.sha256(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0];
  let middle = 1;
  while (middle * 2 < leaves.length) middle *= 2;
  return hashNode(
    {
      left: naiveRoot(leaves.slice(0, middle)),
      right: naiveRoot(leaves.slice(middle)),
    },
    digest,
  );
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    hashLeaf(Uint8Array.of(index, index >> 8), digest),
  );
}

/** As a store does it: each range from the complete subtrees it holds. */
const hashRanges = (leaves: readonly Uint8Array[], ranges: LeafRange[]) =>
  ranges.map(range =>
    foldSubtrees(
      splitRange(range).map(({ level, index }) =>
        naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
      digest,
    ),
  );

function flip(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[7] ^= 1;
  return copy;
}

function flipOne(proof: Uint8Array[], seed: number): Uint8Array[] {
  const broken = seed % proof.length;
  return proof.map((hash, at) => (at === broken ? flip(hash) : hash));
}

const tree = fc.integer({ min: 1, max: 600 }).chain(size =>
  fc.record({
    size: fc.constant(size),
    at: fc.integer({ min: 0, max: size - 1 }),
  }),
);

describe('the tree of RFC 6962', () => {
  it.each(ROOTS.map((root, size) => [size, root]))(
    'has the known root over %d leaves',
    (size, root) => {
      const range = CompactRange.create({ digest });
      LEAVES.slice(0, Number(size)).forEach(leaf => range.append(leaf));
      expect(bytesToHex(range.root())).toBe(root);
      expect(bytesToHex(naiveRoot(LEAVES.slice(0, Number(size))))).toBe(root);
    },
  );

  it('names each subtree once, with its hash', () => {
    const leaves = leavesOf(600);
    const seen = new Map<string, string>();
    const range = CompactRange.create({
      digest,
      onNode: ({ level, index, hash }) => {
        expect(seen.has(`${level}/${index}`)).toBe(false);
        seen.set(`${level}/${index}`, bytesToHex(hash));
      },
    });
    leaves.forEach(leaf => range.append(leaf));
    expect(seen.get('8/1')).toBe(bytesToHex(naiveRoot(leaves.slice(256, 512))));
    expect(seen.has('8/2')).toBe(false);
    expect([...seen.keys()].filter(key => key.startsWith('8/'))).toHaveLength(
      2,
    );
  });

  it('continues from subtrees as from leaves, and refuses one that does not fit', () => {
    fc.assert(
      fc.property(tree, ({ size, at }) => {
        const leaves = leavesOf(size);
        const range = CompactRange.create({ digest });
        for (const subtree of [
          ...splitRange({ from: 0, to: at }),
          ...splitRange({ from: at, to: size }),
        ]) {
          const width = 2 ** subtree.level;
          const from = subtree.index * width;
          range.append(
            naiveRoot(leaves.slice(from, from + width)),
            subtree.level,
          );
        }
        expect(bytesToHex(range.root())).toBe(bytesToHex(naiveRoot(leaves)));
      }),
    );
    const odd = CompactRange.create({ digest });
    odd.append(LEAVES[0]);
    expect(() => odd.append(LEAVES[1], 1)).toThrow(
      'no subtree of 2 can follow',
    );
  });
});

describe('proofs', () => {
  it('show that a leaf is in, and nothing else', () => {
    fc.assert(
      fc.property(tree, fc.nat(), ({ size, at: index }, broken) => {
        const leaves = leavesOf(size);
        const root = naiveRoot(leaves);
        const proof = hashRanges(leaves, planInclusion(index, size));
        const claim = { leafHash: leaves[index], index, size, proof, root };
        const verify = (change: Partial<typeof claim>) =>
          verifyInclusion({ ...claim, ...change }, digest);
        const lies: Partial<typeof claim>[] = [
          { leafHash: flip(leaves[index]) },
          { root: flip(root) },
          { index: size },
          { proof: [...proof, root] },
          ...(size === 1
            ? []
            : [
                { index: (index + 1) % size },
                { proof: proof.slice(1) },
                { proof: flipOne(proof, broken) },
              ]),
        ];
        expect(verify({})).toBe(true);
        expect(lies.map(verify)).toEqual(lies.map(() => false));
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      }),
    );
  });

  it('show that a tree continues a smaller one, and nothing else', () => {
    fc.assert(
      fc.property(tree, fc.nat(), ({ size, at }, broken) => {
        const leaves = leavesOf(size);
        const older = {
          size: at + 1,
          root: naiveRoot(leaves.slice(0, at + 1)),
        };
        const newer = { size, root: naiveRoot(leaves) };
        const proof = hashRanges(leaves, planConsistency(older.size, size));
        type Claim = Parameters<typeof verifyConsistency>[0];
        const verify = (change: Partial<Claim>) =>
          verifyConsistency({ older, newer, proof, ...change }, digest);
        const lies: Partial<Claim>[] = [
          { older: { ...older, root: flip(older.root) } },
          { newer: { ...newer, root: flip(newer.root) } },
          { older: { ...older, size: size + 1 } },
          { older: { ...older, size: 0 } },
          { proof: [...proof, older.root] },
          ...(proof.length === 0
            ? []
            : [{ proof: flipOne(proof, broken) }, { proof: proof.slice(1) }]),
        ];
        expect(verify({})).toBe(true);
        expect(lies.map(verify)).toEqual(lies.map(() => false));
      }),
    );
  });

  it('are asked for what there is only', () => {
    expect(() => planInclusion(3, 3)).toThrow('A tree of 3 has no leaf 3');
    expect(() => planConsistency(0, 3)).toThrow(RangeError);
    expect(() => planConsistency(4, 3)).toThrow(RangeError);
  });
});
