import { appendFileSync } from 'node:fs';
import type { Comparison } from './compareAnswers';

/**
 * Prints the counts. They also go to `ORACLE_RESULTS` and the disagreements, each with its whole world, to
 * `ORACLE_REPORT`, where these name files: one line of JSON each, behind what is there.
 */
export function report(
  comparison: Comparison,
  inWorlds: readonly unknown[],
): void {
  const { disagreements, ...counts } = comparison;
  const line = JSON.stringify({
    ...counts,
    disagreements: disagreements.length,
  });
  process.stdout.write(`${line}\n`);
  append(process.env.ORACLE_RESULTS, [line]);
  append(
    process.env.ORACLE_REPORT,
    disagreements.map((each, at) =>
      JSON.stringify({
        subject: comparison.subject,
        seed: comparison.seed,
        ...each,
        world: inWorlds[at],
      }),
    ),
  );
}

function append(file: string | undefined, lines: readonly string[]): void {
  if (file && lines.length > 0) appendFileSync(file, `${lines.join('\n')}\n`);
}
