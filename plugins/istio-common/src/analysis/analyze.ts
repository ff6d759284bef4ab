import { compareFindings } from './compareFindings';
import { checkSubject } from './checkSubject';
import { explainSkip } from './explainSkip';
import { RULES } from './rules';
import type {
  AnalysisResult,
  MeshFinding,
  Rule,
  RuleContext,
  SkippedRule,
} from './types';

/** What an analysis looks at. */
export interface AnalysisInput extends RuleContext {
  /** All of them by default. */
  rules?: readonly Rule[];
}

/**
 * Asks every rule about every object it judges. A rule one of whose kinds could not be read is reported
 * as skipped: its silence would look like health.
 *
 * @public
 */
export function analyze(input: AnalysisInput): AnalysisResult {
  const { rules = RULES, ...context } = input;
  const findings: MeshFinding[] = [];
  const skipped: SkippedRule[] = [];
  for (const rule of rules) {
    const reason = explainSkip(rule, context);
    if (reason) {
      skipped.push({ code: rule.code, name: rule.name, reason });
      continue;
    }
    for (const kind of rule.subjects) {
      for (const subject of context.snapshot.list(kind)) {
        findings.push(...checkSubject(rule, subject, context));
      }
    }
  }
  return { findings: findings.sort(compareFindings), skipped };
}
