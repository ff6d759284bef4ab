import { appendFileSync } from 'node:fs';
import type { Comparison, Disagreement } from './compareAnswers';

/** Prints the counts; they also go to the file that `ORACLE_RESULTS` names, behind what is there. */
export function reportCounts(comparison: Comparison): void {
  const { disagreements, ...counts } = comparison;
  const line = JSON.stringify({
    ...counts,
    disagreements: disagreements.length,
  });
  process.stdout.write(`${line}\n`);
  append(process.env.ORACLE_RESULTS, line);
}

/**
 * Adds one line of JSON to the file that `ORACLE_REPORT` names, as soon as both answers are known: a run that
 * ends early has told what it found.
 */
export function reportDifference(
  difference: Disagreement &
    Pick<Comparison, 'subject' | 'seed'> & {
      leftToChance: boolean;
      world: unknown;
    },
): void {
  append(process.env.ORACLE_REPORT, JSON.stringify(difference));
}

function append(file: string | undefined, line: string): void {
  if (file) appendFileSync(file, `${line}\n`);
}
