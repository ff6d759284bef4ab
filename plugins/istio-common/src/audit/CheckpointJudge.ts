import { parseCheckpoint, type CheckpointBody } from './checkpoint';
import type { LogProblemCode, LogReport, ProblemList } from './report';
import { judgeSignature, parseNote, type SignedNote } from './signedNote';
import type { TrustedKeys } from './signingKeys';
import type { Anchor, Digest, LogCheckpoint } from './types';

/** What the entries came to. */
export interface Recomputed {
  /** How many entries there are. */
  size: number;
  /** Hex root after that many entries; undefined where it was not computed. */
  rootAt(size: number): string | undefined;
}

interface Judged {
  body: CheckpointBody;
  isSigned: boolean;
}

type Covered = Pick<LogReport, 'checkpoints' | 'anchors' | 'origin'>;

/**
 * Compares checkpoints, kept and anchored, with what the entries came to. A log is one: checkpoints
 * of another origin are not its own.
 */
export class CheckpointJudge {
  private readonly notes = new Set<string>();
  private origin?: string;

  constructor(
    private readonly options: {
      digest: Digest;
      keys: TrustedKeys;
      recomputed: Recomputed;
      problems: ProblemList;
      /** Only a part of the checkpoints is there. */
      isRange: boolean;
    },
  ) {}

  judge(
    checkpoints: readonly LogCheckpoint[],
    anchors: readonly Anchor[],
  ): Covered & { notes: string[] } {
    const kept = checkpoints.flatMap((checkpoint, index) => {
      const judged = this.judgeKept(checkpoint, index);
      return judged ? [judged] : [];
    });
    this.compareRoots(kept);
    const anchored = anchors.flatMap(anchor => {
      const body = this.judgeAnchor(anchor, kept);
      return body ? [body] : [];
    });
    const signed = kept.filter(one => one.isSigned);
    if (this.options.keys.isSelfNamed && signed.length > 0) {
      this.notes.add(
        'The keys come from the log itself: who can rewrite all of it can put own keys in. Give the key with --key.',
      );
    }
    return {
      origin: this.origin,
      checkpoints: {
        count: checkpoints.length,
        signed: signed.length,
        signedTo: Math.max(0, ...lastSizes(signed)),
      },
      anchors: {
        count: anchors.length,
        coveredTo: Math.max(0, ...anchored.map(body => body.size)),
      },
      notes: [...this.notes],
    };
  }

  private judgeKept(
    checkpoint: LogCheckpoint,
    index: number,
  ): Judged | undefined {
    const { problems, isRange } = this.options;
    const place = `audit_checkpoint ${checkpoint.number}`;
    const add = (code: LogProblemCode, text: string) =>
      problems.add({ code, place, text: `${nameOf(place)}: ${text}` });
    if (!isRange && checkpoint.number !== index + 1) {
      add(
        'checkpointMissing',
        `stands where checkpoint ${index + 1} should stand`,
      );
    }
    const note = parseNote(checkpoint.note);
    const body = note && parseCheckpoint(note.text);
    if (!note || !body) {
      add('checkpointUnreadable', 'the note cannot be read');
      return undefined;
    }
    if (
      body.number !== checkpoint.number ||
      body.size !== checkpoint.size ||
      body.root !== checkpoint.root
    ) {
      add('checkpointAltered', 'its columns say something else than its note');
    }
    this.compareOrigin(body, place);
    return { body, isSigned: this.judgeSignatures({ note, body, place }) };
  }

  private judgeSignatures(options: {
    note: SignedNote;
    body: CheckpointBody;
    place: string;
  }): boolean {
    const { note, body, place } = options;
    const { keys, digest, problems, isRange } = this.options;
    const add = (code: LogProblemCode, text: string) =>
      problems.add({ code, place, text: `${nameOf(place)}: ${text}` });
    const verdicts = keys.verifiers.map(key =>
      judgeSignature(note, key, digest),
    );
    if (verdicts.includes('invalid')) {
      add('checkpointForged', 'the signature does not fit the text');
      return false;
    }
    if (verdicts.includes('valid')) return true;
    if (note.signatures.length > 0 && isRange && keys.verifiers.length === 0) {
      this.notes.add(
        'The signature of the checkpoint was not checked: no key was given.',
      );
      return false;
    }
    if (note.signatures.length > 0) {
      add('keyUntrusted', 'signed by a key that is not known');
      return false;
    }
    const isExpected =
      keys.since === undefined
        ? keys.verifiers.length > 0
        : body.size >= keys.since;
    if (isExpected) {
      add('checkpointUnsigned', 'not signed, although the log has a key');
    } else {
      this.notes.add(
        'Checkpoints without signature prove nothing against someone who can write to the database.',
      );
    }
    return false;
  }

  /** Once the roots part, every later one is wrong too: told once, with the range it lies in. */
  private compareRoots(kept: readonly Judged[]): void {
    const { recomputed, problems } = this.options;
    let agreesTo = 0;
    for (const { body } of kept) {
      const place = `audit_checkpoint ${body.number}`;
      if (body.size > recomputed.size) {
        problems.add({
          code: 'truncated',
          place,
          text: `Checkpoint ${body.number} is about ${
            body.size
          } entries, there are ${recomputed.size}: the last ${
            body.size - recomputed.size
          } are missing`,
        });
        return;
      }
      if (recomputed.rootAt(body.size) !== body.root) {
        problems.add({
          code: 'checkpointMismatch',
          place,
          text: `Checkpoint ${
            body.number
          } does not fit the entries: something in ${agreesTo + 1} to ${
            body.size
          } is not what it was`,
        });
        return;
      }
      agreesTo = body.size;
    }
  }

  private judgeAnchor(
    anchor: Anchor,
    kept: readonly Judged[],
  ): CheckpointBody | undefined {
    const { recomputed, problems, isRange } = this.options;
    const place = `anchor ${anchor.source}`;
    const add = (code: LogProblemCode, text: string) => {
      problems.add({ code, place, text: `${nameOf(place)}: ${text}` });
      return undefined;
    };
    const note = parseNote(anchor.note);
    const body = note && parseCheckpoint(note.text);
    if (!note || !body) {
      return add('anchorUnreadable', 'holds no checkpoint of this log');
    }
    if (!this.compareOrigin(body, place)) return undefined;
    if (!this.isAnchorSigned(note)) {
      return add('anchorForged', 'its signature is not from a known key');
    }
    if (body.size > recomputed.size) {
      return isRange
        ? undefined
        : add(
            'truncated',
            `saw ${body.size} entries, there are ${recomputed.size}: the last ${
              body.size - recomputed.size
            } are missing`,
          );
    }
    const root = recomputed.rootAt(body.size);
    if (root === undefined && isRange) return undefined;
    if (root !== body.root) {
      return add(
        'anchorMismatch',
        `the first ${body.size} entries are not those it saw`,
      );
    }
    const twin = kept.find(one => one.body.number === body.number);
    if (!isRange && twin?.body.root !== body.root) {
      add(
        'checkpointMissing',
        `saw checkpoint ${body.number}, which is not in the database`,
      );
    }
    return body;
  }

  private isAnchorSigned(note: SignedNote): boolean {
    const { keys, digest } = this.options;
    if (note.signatures.length === 0) {
      this.notes.add(
        'An anchor without signature is worth what the place is worth that kept it.',
      );
      return true;
    }
    return keys.verifiers.some(
      key => judgeSignature(note, key, digest) === 'valid',
    );
  }

  private compareOrigin(body: CheckpointBody, place: string): boolean {
    this.origin ??= body.origin;
    if (body.origin === this.origin) return true;
    this.options.problems.add({
      code: place.startsWith('anchor') ? 'anchorMismatch' : 'checkpointAltered',
      place,
      text: `${nameOf(place)}: from the log '${body.origin}', this one is '${
        this.origin
      }'`,
    });
    return false;
  }
}

function lastSizes(judged: readonly Judged[]): number[] {
  // Sizes grow; spreading a long list into Math.max would not end well.
  return judged.slice(-1).map(({ body }) => body.size);
}

/** `Checkpoint 3` for `audit_checkpoint 3`, `Anchor x` for `anchor x`. */
function nameOf(place: string): string {
  const name = place.replace(/^audit_/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
