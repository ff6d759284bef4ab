import { bytesToHex, parseHash } from './bytes';
import { CheckpointJudge } from './CheckpointJudge';
import { parseCheckpoint } from './checkpoint';
import { CompactRange } from './CompactRange';
import { portableDigest } from './digest';
import { commitPayload, hashEntry, NO_HASH } from './entryHash';
import { splitRange } from './merkle';
import { RemovalLedger } from './RemovalLedger';
import { LogProblem, LogReport, ProblemList } from './report';
import { parseNote } from './signedNote';
import { KeyStatement, keyStatementOf, resolveKeys } from './signingKeys';
import type { Anchor, Digest, LogCheckpoint, LogEntry, LogNode } from './types';

/** Levels between two that are stored: tiles of 256. */
export const TILE_LEVELS = 8;

/** What is known beside the entries. */
export interface LogVerifierOptions {
  checkpoints: readonly LogCheckpoint[];
  anchors?: readonly Anchor[];
  /** Verifier keys from outside the log. */
  keys?: readonly string[];
  digest?: Digest;
  /**
   * Last entry when the reading began: what was redacted while it went on may have been read before.
   */
  settledTo?: number;
  /** For a part of a log: where it stands in the tree. */
  range?: {
    first: number;
    /** Hex hashes of the subtrees before it, from the left. */
    before: readonly string[];
  };
}

/**
 * Verifies a log entry by entry, in the order in which it is stored: payloads, headers, chain, tree,
 * checkpoints, anchors. What it needs of memory does not grow with payloads.
 */
export class LogVerifier {
  static create(options: LogVerifierOptions): LogVerifier {
    return new LogVerifier(options);
  }

  private readonly digest: Digest;
  private readonly problems = new ProblemList();
  private readonly removals = new RemovalLedger();
  private readonly roots = new Map<number, string>();
  private readonly statements: { seq: number; statement: KeyStatement }[] = [];
  private readonly tree: CompactRange;
  /** Computed hashes that the log stores as nodes, by level and index. */
  private readonly nodes = new Map<string, string>();
  private readonly wanted: Set<number>;
  private readonly first: number;
  private previous?: string;
  private next: number;
  private count = 0;

  private constructor(private readonly options: LogVerifierOptions) {
    this.digest = options.digest ?? portableDigest;
    this.first = options.range?.first ?? 1;
    this.next = this.first;
    this.previous = this.first === 1 ? NO_HASH : undefined;
    this.wanted = wantedSizes(options);
    this.tree = CompactRange.create({
      digest: this.digest,
      onNode: ({ level, index, hash }) => {
        if (level > 0 && level % TILE_LEVELS === 0) {
          this.nodes.set(`${level / TILE_LEVELS}/${index}`, bytesToHex(hash));
        }
      },
    });
    this.startTree();
  }

  /** The next entry, as stored. */
  add(entry: LogEntry): void {
    this.count += 1;
    this.judgePosition(entry.seq);
    const hash = this.hashHeader(entry);
    const hex = bytesToHex(hash);
    if (hex !== entry.entryHash) {
      this.report(
        'headerAltered',
        entry.seq,
        'its columns do not give its hash',
      );
    }
    if (this.previous !== undefined && entry.prevHash !== this.previous) {
      this.report(
        'chainBroken',
        entry.seq,
        'does not continue the entry before it',
      );
    }
    this.judgePayload(entry);
    this.removals.add(entry);
    const statement = keyStatementOf(entry, this.digest);
    if (statement) this.statements.push({ seq: entry.seq, statement });
    // The stored hash carries on: one altered entry is one finding, not one per entry after it.
    this.previous = entry.entryHash;
    this.tree.append(hash);
    if (this.wanted.has(this.tree.size)) {
      this.roots.set(this.tree.size, bytesToHex(this.tree.root()));
    }
  }

  /** A stored node of the tree; after the entries. */
  addNode({ level, index, hash }: LogNode): void {
    const key = `${level}/${index}`;
    const computed = this.nodes.get(key);
    if (computed !== hash) {
      this.problems.add({
        code: 'nodeWrong',
        place: 'audit_node',
        text:
          computed === undefined
            ? `Node ${key}: there are no entries below it`
            : `Node ${key}: is not the hash of the entries below it`,
      });
    }
    this.nodes.delete(key);
  }

  /** A finding of whoever reads the tables, about what only tables have. */
  addProblem(problem: LogProblem): void {
    this.problems.add(problem);
  }

  /**
   * Ends the verification. `nodesExpected`: every node was given to {@link addNode}; `after`: for a
   * part of a log, hashes of the subtrees that follow, up to the tree it is a part of.
   */
  finish(
    end: {
      head?: { seq: number; hash: string };
      nodesExpected?: boolean;
      after?: { hashes: readonly string[]; size: number; root: string };
    } = {},
  ): LogReport {
    const last = this.next - 1;
    if (end.head) this.judgeHead(end.head, last);
    if (end.nodesExpected) this.judgeMissingNodes();
    const root = bytesToHex(this.tree.root());
    if (end.after) this.completeTree(end.after);
    const isRange = end.after !== undefined;
    const keys = resolveKeys(this.statements, this.options.keys ?? []);
    for (const { seq, key } of keys.strangers) {
      this.report(
        'keyUntrusted',
        seq,
        `brings the key ${key}, which no known key vouches for`,
      );
    }
    const { notes, ...covered } = new CheckpointJudge({
      digest: this.digest,
      keys,
      problems: this.problems,
      isRange,
      recomputed: {
        size: this.tree.size,
        rootAt: size => this.roots.get(size),
      },
    }).judge(this.options.checkpoints, this.options.anchors ?? []);
    const { unexplained, ...removed } = this.removals.report(this.problems, {
      isRange,
      settledTo: this.options.settledTo ?? Infinity,
    });
    if (unexplained > 0) {
      notes.push(
        `${unexplained} payloads are not here; the entries that say why stand behind this range.`,
      );
    }
    return {
      verdict: this.problems.count === 0 ? 'intact' : 'broken',
      entries: { first: this.first, last, count: this.count },
      root,
      ...covered,
      ...removed,
      ...(covered.anchors.coveredTo < last
        ? {
            uncoveredTail: {
              first: Math.max(this.first, covered.anchors.coveredTo + 1),
              last,
            },
          }
        : {}),
      problems: this.problems.shown,
      problemCount: this.problems.count,
      notes,
    };
  }

  private startTree(): void {
    const { range } = this.options;
    if (!range) return;
    const subtrees = splitRange({ from: 0, to: range.first - 1 });
    const hashes = range.before.map(parseHash);
    if (hashes.length !== subtrees.length || hashes.includes(undefined)) {
      this.problems.add({
        code: 'proofWrong',
        place: 'proof',
        text: 'The hashes before the range are not those of a tree',
      });
      return;
    }
    subtrees.forEach(({ level }, at) => this.tree.append(hashes[at]!, level));
  }

  private completeTree(after: {
    hashes: readonly string[];
    size: number;
    root: string;
  }): void {
    const subtrees = splitRange({ from: this.tree.size, to: after.size });
    const hashes = after.hashes.map(parseHash);
    if (hashes.length !== subtrees.length || hashes.includes(undefined)) {
      this.problems.add({
        code: 'proofWrong',
        place: 'proof',
        text: 'The hashes after the range are not those of a tree',
      });
      return;
    }
    subtrees.forEach(({ level }, at) => this.tree.append(hashes[at]!, level));
    const root = bytesToHex(this.tree.root());
    this.roots.set(this.tree.size, root);
    if (root !== after.root) {
      this.problems.add({
        code: 'proofWrong',
        place: 'proof',
        text: 'The entries are not a part of the tree that the manifest names',
      });
    }
  }

  private judgePosition(seq: number): void {
    if (seq > this.next) {
      const last = seq - 1;
      this.report(
        'missingEntry',
        this.next,
        last === this.next ? 'is missing' : `to ${last} are missing`,
      );
      this.next = seq;
    }
    if (seq !== this.next) {
      this.report(
        'unexpectedEntry',
        seq,
        'is there twice or where none can be',
      );
      return;
    }
    this.next += 1;
  }

  /** What is no number any more has no canonical form, and no hash that could fit. */
  private hashHeader(entry: LogEntry): Uint8Array {
    const { seq, occurredAt, recordedAt } = entry;
    return [seq, occurredAt, recordedAt].every(Number.isFinite)
      ? hashEntry(entry, this.digest)
      : new Uint8Array(32);
  }

  private judgePayload(entry: LogEntry): void {
    if (!entry.payload) return;
    const isSalted = /^[0-9a-f]{32}$/.test(entry.payload.salt);
    if (
      !isSalted ||
      commitPayload(entry.payload, this.digest) !== entry.payloadCommit
    ) {
      this.report(
        'payloadAltered',
        entry.seq,
        'its payload is not the one recorded',
      );
    }
  }

  private judgeHead(head: { seq: number; hash: string }, last: number): void {
    if (head.seq !== last || head.hash !== (this.previous ?? NO_HASH)) {
      this.problems.add({
        code: 'headWrong',
        place: 'audit_head',
        text: `The head says that entry ${head.seq} is the last, the last one there is ${last}`,
      });
    }
  }

  private judgeMissingNodes(): void {
    for (const key of this.nodes.keys()) {
      this.problems.add({
        code: 'nodeMissing',
        place: 'audit_node',
        text: `Node ${key} is missing`,
      });
    }
  }

  private report(code: LogProblem['code'], seq: number, text: string): void {
    this.problems.add({
      code,
      place: code.startsWith('payload') ? 'audit_payload' : 'audit_entry',
      seq,
      text: `Entry ${seq}: ${text}`,
    });
  }
}

/** Tree sizes at which a root is asked for. */
function wantedSizes({ checkpoints, anchors = [] }: LogVerifierOptions) {
  const sizes = [...checkpoints, ...anchors].flatMap(({ note }) => {
    const text = parseNote(note)?.text;
    return (text && parseCheckpoint(text)?.size) || [];
  });
  return new Set(sizes);
}
