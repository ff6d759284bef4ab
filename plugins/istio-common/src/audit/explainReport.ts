import type { CoveredRange, LogReport } from './report';

/** What a verification proves and what it does not, one sentence each, for people. */
export interface ReportMeaning {
  proves: string[];
  doesNotProve: string[];
}

const NO_PROOF_OF_TRUTH =
  'That what was recorded is true: whoever takes over the portal can record wrong things from then on, and sign them.';
const NO_PROOF_OF_OTHERS =
  'What was done in a cluster past the portal: only the API server’s own audit shows that.';

/** Says in plain words what the report of an intact log is worth, and what nobody may read into it. */
export function explainReport(
  report: Pick<
    LogReport,
    'entries' | 'checkpoints' | 'anchors' | 'uncoveredTail' | 'verdict'
  >,
): ReportMeaning {
  const { entries, checkpoints, anchors, uncoveredTail, verdict } = report;
  const isSigned = checkpoints.signed > 0;
  const isAnchored = anchors.coveredTo > 0;
  const proves: string[] = [];
  if (verdict === 'intact' && entries.count > 0) {
    proves.push(
      `${nameRange(entries)} ${
        entries.count === 1 ? 'is' : 'are all'
      } there, in the order of writing, and as recorded.`,
    );
    if (isSigned) {
      proves.push(
        `Up to entry ${checkpoints.signedTo} signed checkpoints say the same: an edit by somebody without the signing key would show.`,
      );
    }
    if (isAnchored) {
      proves.push(
        `Up to entry ${anchors.coveredTo} checkpoints kept outside the database say the same: an edit would show even from somebody who has the signing key.`,
      );
    }
  }
  return {
    proves,
    doesNotProve: [
      ...limitsOf({ isSigned, isAnchored, uncoveredTail }),
      NO_PROOF_OF_TRUTH,
      NO_PROOF_OF_OTHERS,
    ],
  };
}

function limitsOf(options: {
  isSigned: boolean;
  isAnchored: boolean;
  uncoveredTail?: CoveredRange;
}): string[] {
  const { isSigned, isAnchored, uncoveredTail } = options;
  if (!isAnchored) {
    return [
      isSigned
        ? 'Anything against somebody who has the signing key: no checkpoint outside the database was compared, so the log is tamper-evident only against edits by people without the signing key.'
        : 'Anything against somebody who can write to the database: checkpoints are neither signed nor compared with a place outside, so all of it can be rewritten and still look intact.',
    ];
  }
  return uncoveredTail
    ? [
        `${nameRange(uncoveredTail)}: no place outside the database covers ${
          uncoveredTail.first === uncoveredTail.last ? 'it' : 'them'
        } yet. An edit there by somebody with the ${
          isSigned ? 'signing key' : 'database'
        } would not show.`,
      ]
    : [];
}

function nameRange({ first, last }: CoveredRange): string {
  return first === last ? `Entry ${first}` : `Entries ${first} to ${last}`;
}
