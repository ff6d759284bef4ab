import type { AuditEntryKind } from './entryKinds';
import { LASTING_KINDS } from './entryKinds';
import { LogRange, parseLogRange } from './logTargets';
import type { LogReport, ProblemList } from './report';
import type { LogEntry } from './types';

interface Removal extends LogRange {
  by: number;
  isRedaction: boolean;
}

/** Matches payloads that are not there with the entries that say why. */
export class RemovalLedger {
  private readonly missing: { seq: number; kind: string }[] = [];
  private readonly removals: Removal[] = [];
  /** One flag per entry, by position from the first one seen. */
  private present = new Uint8Array(1024);
  private first = 0;

  add(entry: LogEntry): void {
    if (this.first === 0) this.first = entry.seq;
    if (entry.payload) {
      this.markPresent(entry.seq);
    } else {
      this.missing.push({ seq: entry.seq, kind: entry.kind });
    }
    if (entry.kind === 'redaction' || entry.kind === 'retention') {
      const range = parseLogRange(entry.target);
      if (range) {
        this.removals.push({
          ...range,
          by: entry.seq,
          isRedaction: entry.kind === 'redaction',
        });
      }
    }
  }

  /**
   * `isRange`: only a part of the log was seen, and what explains a missing payload may stand behind
   * it; such payloads are counted as `unexplained` instead of being called a problem.
   */
  report(
    problems: ProblemList,
    { isRange, settledTo }: { isRange: boolean; settledTo: number },
  ): Pick<LogReport, 'redacted' | 'purged'> & { unexplained: number } {
    let unexplained = 0;
    const redacted: LogReport['redacted'] = [];
    const purged = new Map<number, LogReport['purged'][number]>();
    for (const { seq, kind } of this.missing) {
      const removal = this.removals.find(one => explains(one, seq, kind));
      if (!removal && isRange) {
        unexplained += 1;
      } else if (!removal) {
        problems.add({
          code: 'payloadMissing',
          place: 'audit_payload',
          seq,
          text: `Entry ${seq}: the payload is gone, and no redaction or retention entry says why`,
        });
      } else if (removal.isRedaction) {
        redacted.push({ seq, by: removal.by });
      } else {
        const known = purged.get(removal.by);
        purged.set(removal.by, {
          first: known?.first ?? seq,
          last: seq,
          count: (known?.count ?? 0) + 1,
          by: removal.by,
        });
      }
    }
    this.reportReturned(problems, settledTo);
    return { redacted, purged: [...purged.values()], unexplained };
  }

  private reportReturned(problems: ProblemList, settledTo: number): void {
    for (const { first, last, by, isRedaction } of this.removals) {
      const seq = isRedaction && first === last ? first : undefined;
      if (seq !== undefined && by <= settledTo && this.isPresent(seq)) {
        problems.add({
          code: 'payloadReturned',
          place: 'audit_payload',
          seq,
          text: `Entry ${seq}: redacted by entry ${by}, and yet there is a payload`,
        });
      }
    }
  }

  private markPresent(seq: number): void {
    const at = seq - this.first;
    // A position that nobody gave must not cost memory.
    if (!Number.isInteger(at) || at < 0 || at > 2 ** 28) return;
    if (at >= this.present.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.present.length * 2));
      larger.set(this.present);
      this.present = larger;
    }
    this.present[at] = 1;
  }

  private isPresent(seq: number): boolean {
    return seq >= this.first && this.present[seq - this.first] === 1;
  }
}

function explains(removal: Removal, seq: number, kind: string): boolean {
  return (
    seq >= removal.first &&
    seq <= removal.last &&
    seq < removal.by &&
    !LASTING_KINDS.includes(kind as AuditEntryKind) &&
    (removal.kinds?.includes(kind) ?? true)
  );
}
