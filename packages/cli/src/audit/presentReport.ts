import { LogReport } from '@istio-backstage/plugin-istio-common';

const SHOWN_RANGES = 20;

/** The report as a person reads it: verdict first, then what it rests on, then what is wrong. */
export function presentReport(report: LogReport): string {
  const { entries, checkpoints, anchors, uncoveredTail, problems } = report;
  const lines = [
    report.verdict === 'intact'
      ? `The log is intact: entries ${range(entries)}.`
      : `The log is NOT intact: ${report.problemCount} problem${
          report.problemCount === 1 ? '' : 's'
        } in entries ${range(entries)}.`,
    ...(report.origin ? [`Origin: ${report.origin}`] : []),
    `Root: ${report.root}`,
    `Checkpoints: ${checkpoints.count}, ${checkpoints.signed} signed, signed up to entry ${checkpoints.signedTo}.`,
    anchors.count === 0
      ? 'Anchors: none given.'
      : `Anchors: ${anchors.count}, they agree up to entry ${anchors.coveredTo}.`,
    ...(uncoveredTail
      ? [
          `No anchor covers entries ${range(
            uncoveredTail,
          )} yet: an edit there by someone with the ${
            checkpoints.signed > 0 ? 'signing key' : 'database'
          } would not show.`,
        ]
      : []),
    ...list(
      'Redacted',
      report.redacted.map(({ seq, by }) => `entry ${seq} (by entry ${by})`),
    ),
    ...list(
      'Removed by retention',
      report.purged.map(
        purged =>
          `${purged.count} payloads of entries ${range(purged)} (by entry ${
            purged.by
          })`,
      ),
    ),
    ...report.notes.map(note => `Note: ${note}`),
    ...problems.map(({ code, text }) => `${code}: ${text}`),
    ...(report.problemCount > problems.length
      ? [`… and ${report.problemCount - problems.length} more`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function range({ first, last }: { first: number; last: number }): string {
  if (last < first) return 'none';
  return first === last ? `${first}` : `${first} to ${last}`;
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - SHOWN_RANGES;
  return [
    `${title}: ${items.slice(0, SHOWN_RANGES).join(', ')}${
      more > 0 ? ` and ${more} more` : ''
    }`,
  ];
}
