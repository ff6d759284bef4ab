/** What is wrong with a log; the text names place and finding. */
export type LogProblemCode =
  | 'missingEntry'
  | 'unexpectedEntry'
  | 'headerAltered'
  | 'chainBroken'
  | 'payloadAltered'
  | 'payloadMissing'
  | 'payloadReturned'
  | 'payloadOrphaned'
  | 'headWrong'
  | 'nodeWrong'
  | 'nodeMissing'
  | 'indexWrong'
  | 'checkpointUnreadable'
  | 'checkpointAltered'
  | 'checkpointMissing'
  | 'checkpointUnsigned'
  | 'checkpointForged'
  | 'checkpointMismatch'
  | 'anchorUnreadable'
  | 'anchorMismatch'
  | 'anchorForged'
  | 'truncated'
  | 'packAltered'
  | 'proofWrong'
  | 'keyUntrusted';

export interface LogProblem {
  code: LogProblemCode;
  /** Table or part of the export. */
  place: string;
  /** Entry, where it is about one. */
  seq?: number;
  text: string;
}

/** Entries `first` to `last`. */
export interface CoveredRange {
  first: number;
  last: number;
}

/** Result of the verification of a log or of a range of it. */
export interface LogReport {
  verdict: 'intact' | 'broken';
  /** Undefined for a log without checkpoints. */
  origin?: string;
  entries: { first: number; last: number; count: number };
  /** Hex, of the tree after the last entry. */
  root: string;
  checkpoints: {
    count: number;
    signed: number;
    /** Size of the largest one whose signature holds. */
    signedTo: number;
  };
  anchors: {
    count: number;
    /** Size of the largest one that agrees. */
    coveredTo: number;
  };
  /** Entries that nothing outside the database speaks for yet. */
  uncoveredTail?: CoveredRange;
  /** Payloads taken out by redaction, with the entry that says so. */
  redacted: { seq: number; by: number }[];
  /** Payloads taken out by retention, with the entry that says so. */
  purged: (CoveredRange & { count: number; by: number })[];
  /** At most 200; `problemCount` is the true number. */
  problems: LogProblem[];
  problemCount: number;
  /** What the verification could not or did not judge. */
  notes: string[];
}

const SHOWN_AT_MOST = 200;

/** Collects problems; a log can have more than anybody reads. */
export class ProblemList {
  readonly shown: LogProblem[] = [];
  count = 0;

  add(problem: LogProblem): void {
    this.count += 1;
    if (this.shown.length < SHOWN_AT_MOST) this.shown.push(problem);
  }
}
