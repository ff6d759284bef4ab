import { JSON_VERSION } from '../answers/toJson';
import { FindingsReport } from './types';

/** The documented shape; `file`, `line` and `column` say where the field is written. */
export function presentJson(report: FindingsReport): string {
  const { findings, skipped, objects, counts } = report;
  const answer = {
    version: JSON_VERSION,
    objects,
    counts,
    findings: findings.map(({ at, ...finding }) => ({ ...finding, ...at })),
    skipped,
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
