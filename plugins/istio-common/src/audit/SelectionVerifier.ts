import type { z } from 'zod';
import { bytesToHex, parseHash } from './bytes';
import { CheckpointJudge } from './CheckpointJudge';
import { portableDigest } from './digest';
import { commitPayload, hashEntry } from './entryHash';
import type { SelectionManifest, selectionEntrySchema } from './exportFormat';
import { verifyInclusion } from './proofs';
import { ProblemList, type LogProblemCode, type LogReport } from './report';
import { resolveKeys } from './signingKeys';
import type { Anchor, Digest } from './types';

/** Verifies entries that each come with the proof that they are in the tree of a checkpoint. */
export class SelectionVerifier {
  static create(options: {
    manifest: SelectionManifest;
    keys: readonly string[];
    anchors?: readonly Anchor[];
    digest?: Digest;
  }): SelectionVerifier {
    return new SelectionVerifier(options);
  }

  private readonly digest: Digest;
  private readonly problems = new ProblemList();
  private readonly seqs = new Set<number>();
  private removed = 0;
  private promised?: number;

  private constructor(
    private readonly options: Parameters<typeof SelectionVerifier.create>[0],
  ) {
    this.digest = options.digest ?? portableDigest;
  }

  add(line: z.output<typeof selectionEntrySchema>): void {
    const { type: _, inclusion, ...entry } = line;
    const { seq, payload } = entry;
    const report = (code: LogProblemCode, text: string) =>
      this.problems.add({
        code,
        place: 'selection',
        seq,
        text: `Entry ${seq}: ${text}`,
      });
    if (this.seqs.has(seq)) report('unexpectedEntry', 'is there twice');
    this.seqs.add(seq);
    const leaf = hashEntry(entry, this.digest);
    if (bytesToHex(leaf) !== entry.entryHash) {
      report('headerAltered', 'its columns do not give its hash');
    }
    if (!payload) this.removed += 1;
    else if (commitPayload(payload, this.digest) !== entry.payloadCommit) {
      report('payloadAltered', 'its payload is not the one recorded');
    }
    const { size, root } = this.options.manifest.tree;
    const isIncluded = verifyInclusion(
      {
        leafHash: leaf,
        index: seq - 1,
        size,
        // The schema lets nothing but hashes through.
        proof: inclusion.map(hash => parseHash(hash)!),
        root: parseHash(root)!,
      },
      this.digest,
    );
    if (!isIncluded) report('proofWrong', 'is not in the tree of the manifest');
  }

  /** The last line: how many there must be. */
  end(count: number): void {
    this.promised = count;
  }

  finish(): LogReport {
    const { manifest, keys, anchors = [] } = this.options;
    const { size, root } = manifest.tree;
    if (this.promised !== this.seqs.size) {
      this.problems.add({
        code: 'missingEntry',
        place: 'selection',
        text: `The last line promises ${
          this.promised ?? 'nothing and is missing'
        }, there are ${this.seqs.size} entries`,
      });
    }
    const { notes, ...covered } = new CheckpointJudge({
      digest: this.digest,
      keys: resolveKeys([], keys),
      problems: this.problems,
      isRange: true,
      recomputed: {
        size,
        rootAt: at => (at === size ? root : undefined),
      },
    }).judge([manifest.checkpoint], anchors);
    notes.unshift(
      'A selection: each entry is proved to be in the log, that none was left out is not.',
    );
    if (this.removed > 0) {
      notes.push(
        `${this.removed} payloads are not here; the log itself says why.`,
      );
    }
    const first = [...this.seqs].reduce((a, b) => Math.min(a, b), Infinity);
    const last = [...this.seqs].reduce((a, b) => Math.max(a, b), 0);
    const { coveredTo } = covered.anchors;
    return {
      verdict: this.problems.count === 0 ? 'intact' : 'broken',
      entries: { first: Math.min(first, last), last, count: this.seqs.size },
      root,
      ...covered,
      redacted: [],
      purged: [],
      ...(coveredTo < last
        ? { uncoveredTail: { first: Math.max(first, coveredTo + 1), last } }
        : {}),
      problems: this.problems.shown,
      problemCount: this.problems.count,
      notes,
    };
  }
}
