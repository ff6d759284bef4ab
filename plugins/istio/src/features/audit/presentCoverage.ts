import {
  formatCount,
  formatList,
  type AuditCoverage,
} from '@istio-backstage/plugin-istio-common';

/** Whether the log can be trusted so far, in one status and one sentence. */
export interface CoverageLook {
  status: 'pass' | 'warn' | 'unknown';
  word: string;
  text: string;
  /** What it is not proof against, when that is more than usual. */
  limit?: string;
}

export const ONLY_WITHOUT_KEY =
  'Tamper-evident only against edits by people without the signing key: no checkpoint is kept outside the database.';
const NOT_SIGNED =
  'Not tamper-evident against anybody who can write to the database: istio.audit.signingKey is not set, so checkpoints are not signed.';

/** Anchors that have taken a checkpoint over this entry. */
export function anchorsOf(coverage: AuditCoverage, seq: number): string[] {
  return coverage.anchors
    .filter(({ delivered }) => (delivered?.size ?? 0) >= seq)
    .map(({ name }) => name);
}

/** What the strip above the log says; what was delivered is not what was verified. */
export function presentCoverage(coverage: AuditCoverage): CoverageLook {
  const { entries, checkpoints, anchors } = coverage;
  const [last] = checkpoints;
  if (entries === 0 || !last) {
    return {
      status: 'unknown',
      word: 'No checkpoint yet',
      text:
        entries === 0
          ? 'Nothing was recorded yet.'
          : `${formatCount(
              entries,
            )} entries; the first checkpoint comes within a minute.`,
      ...limitOf(coverage),
    };
  }
  const limit = limitOf(coverage);
  const kept = anchorsOf(coverage, last.size);
  const failing = anchors.filter(({ failure }) => failure);
  const where =
    kept.length > 0
      ? `kept outside the database too: ${formatList(kept)}`
      : 'kept outside the database nowhere yet';
  return {
    status: limit.limit || failing.length > 0 ? 'warn' : 'pass',
    word: last.isSigned ? 'Signed' : 'Not signed',
    text: `${formatCount(entries)} entries. Checkpoint ${
      last.number
    } covers those up to ${formatCount(last.size)}, ${where}.${
      failing.length > 0
        ? ` ${formatList(failing.map(({ name }) => name))} did not take it.`
        : ''
    }`,
    ...limit,
  };
}

function limitOf({ key, anchors }: AuditCoverage): { limit?: string } {
  if (key === undefined) return { limit: NOT_SIGNED };
  return anchors.length === 0 ? { limit: ONLY_WITHOUT_KEY } : {};
}

/** Which checkpoint covers these entries and where it is kept. */
export function presentProof(
  coverage: AuditCoverage,
  last: number,
): { isCovered: boolean; text: string } {
  const covering = [...coverage.checkpoints]
    .reverse()
    .find(({ size }) => size >= last);
  if (!covering) {
    return { isCovered: false, text: 'covered by no checkpoint yet' };
  }
  const kept = anchorsOf(coverage, last);
  return {
    isCovered: true,
    text: `covered by ${covering.isSigned ? 'signed ' : ''}checkpoint ${
      covering.number
    }, ${
      kept.length > 0
        ? `kept in ${formatList(kept)}`
        : 'kept in no place outside the database'
    }`,
  };
}
