import { describeObject } from '@istio-backstage/plugin-istio-common';
import { FindingsReport, PlacedFinding } from './types';

/** One line per finding, as compilers write them, and a sum. */
export function presentText(report: FindingsReport): string {
  return [
    ...report.findings.flatMap(describe),
    summarize(report),
    ...explainSkipped(report),
    '',
  ].join('\n');
}

/** `30 objects: 2 errors, 1 warning, 0 infos` */
export function summarize({ objects, counts }: FindingsReport): string {
  const number = (count: number, word: string) =>
    `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${number(objects, 'object')}: ${number(
    counts.error,
    'error',
  )}, ${number(counts.warning, 'warning')}, ${number(counts.info, 'info')}`;
}

/** Rules whose silence means nothing, one line per reason. */
export function explainSkipped({ skipped }: FindingsReport): string[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return reasons.map(
    reason =>
      `not asked (${reason}): ${skipped
        .filter(rule => rule.reason === reason)
        .map(({ code }) => code)
        .join(', ')}`,
  );
}

/** `VirtualService shop/reviews spec.http[0]` */
export function describeSubject({ object, path }: PlacedFinding): string {
  return `${describeObject({ cluster: '', ...object })} ${path}`.trim();
}

function describe(finding: PlacedFinding): string[] {
  const { at, severity, code, message, equivalents, fix } = finding;
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : '';
  const known = equivalents.length > 0 ? ` (${equivalents.join(', ')})` : '';
  return [
    `${where}${severity} ${code}${known}: ${describeSubject(
      finding,
    )}: ${message.replace(/\s*\n\s*/g, ' ')}`,
    ...(fix ? [`  fix: ${fix.title}`] : []),
  ];
}
