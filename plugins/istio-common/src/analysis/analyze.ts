import type { KindName } from '../resources/kinds';
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

/**
 * A share of the objects that are judged, for who asks several at once: `{ index: 0, of: 2 }` is the first half
 * of each kind's.
 *
 * @public
 */
export interface AnalysisPart {
  /** From 0. */
  index: number;
  of: number;
}

/** What an analysis looks at. */
export interface AnalysisInput extends RuleContext {
  /** All of them by default. */
  rules?: readonly Rule[];
  /** Judges only these objects, if in the light of all of them. The parts together say what the whole says. */
  part?: AnalysisPart;
}

/**
 * Asks every rule about every object it judges. A rule one of whose kinds could not be read is reported
 * as skipped: its silence would look like health.
 *
 * @public
 */
export function analyze(input: AnalysisInput): AnalysisResult {
  const { rules = RULES, part = { index: 0, of: 1 }, ...context } = input;
  const skipped: SkippedRule[] = [];
  const asked = new Map<KindName, Rule[]>();
  for (const rule of rules) {
    const reason = explainSkip(rule, context);
    if (reason) {
      skipped.push({ code: rule.code, name: rule.name, reason });
      continue;
    }
    for (const kind of rule.subjects) {
      asked.set(kind, [...(asked.get(kind) ?? []), rule]);
    }
  }
  const findings: MeshFinding[] = [];
  for (const [kind, askedOfKind] of asked) {
    const subjects = context.snapshot.list(kind);
    const end = startOf(part.index + 1, part.of, subjects.length);
    // All rules of one object before the next one: what they read of it is still at hand.
    for (
      let index = startOf(part.index, part.of, subjects.length);
      index < end;
      index += 1
    ) {
      for (const rule of askedOfKind) {
        const found = checkSubject(rule, subjects[index], context);
        if (found.length > 0) findings.push(...found);
      }
    }
  }
  return { findings: findings.sort(compareFindings), skipped };
}

function startOf(index: number, of: number, length: number): number {
  return Math.floor((index * length) / of);
}

/**
 * The analysis whose parts these are.
 *
 * @public
 */
export function mergeAnalyses(
  parts: readonly AnalysisResult[],
): AnalysisResult {
  return {
    findings: parts.flatMap(({ findings }) => findings).sort(compareFindings),
    skipped: parts[0]?.skipped ?? [],
  };
}
