import type { GuardrailVerdict } from '@istio-backstage/plugin-istio-common';
import { JSON_VERSION } from '../answers/toJson';
import type { FindingsReport } from '../findings/types';

/** The documented shape: findings with their places, and every verdict as the portal's API gives it. */
export function presentVerdicts(
  verdicts: readonly GuardrailVerdict[],
  report: FindingsReport,
): string {
  const { findings, objects, counts } = report;
  const answer = {
    version: JSON_VERSION,
    objects,
    counts,
    findings: findings.map(({ at, equivalents: _, ...finding }) => ({
      ...finding,
      ...at,
    })),
    verdicts,
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
