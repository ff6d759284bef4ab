import { writeFileSync } from 'node:fs';
import * as fc from 'fast-check';

/** One question that two answered differently. */
export interface Disagreement {
  world: number;
  question: unknown;
  oracle: unknown;
  core: unknown;
}

/** Counts of one comparison, and what differed. */
export interface Comparison {
  seed: number;
  worlds: number;
  questions: number;
  /** How often each answer was given by both, as text. */
  agreed: Record<string, number>;
  disagreements: Disagreement[];
}

/** Seed and size of a run; `ORACLE_SEED` and `ORACLE_WORLDS` change them. */
export function runSize(defaults: { seed: number; worlds: number }): {
  seed: number;
  worlds: number;
} {
  const { ORACLE_SEED, ORACLE_WORLDS } = process.env;
  return {
    seed: ORACLE_SEED === undefined ? defaults.seed : Number(ORACLE_SEED),
    worlds:
      ORACLE_WORLDS === undefined ? defaults.worlds : Number(ORACLE_WORLDS),
  };
}

/**
 * Asks both about every question of every generated world. Worlds come from the seed alone, so that a
 * disagreement can be looked at again.
 */
export async function compareAnswers<W, Q>(options: {
  seed: number;
  worlds: number;
  arbitrary: fc.Arbitrary<{ world: W; questions: readonly Q[] }>;
  /** What an answer is counted as. */
  tally(answer: unknown): string;
  ask(
    world: W,
    questions: readonly Q[],
  ): Promise<readonly { oracle: unknown; core: unknown }[]>;
}): Promise<Comparison> {
  const { seed, worlds, arbitrary, ask, tally } = options;
  const samples = fc.sample(arbitrary, { seed, numRuns: worlds });
  const comparison: Comparison = {
    seed,
    worlds,
    questions: 0,
    agreed: {},
    disagreements: [],
  };
  const asked: { world: W }[] = [];
  for (const [index, { world, questions }] of samples.entries()) {
    const answers = await ask(world, questions);
    answers.forEach(({ oracle, core }, at) => {
      comparison.questions += 1;
      if (JSON.stringify(oracle) === JSON.stringify(core)) {
        const kind = tally(core);
        comparison.agreed[kind] = (comparison.agreed[kind] ?? 0) + 1;
      } else {
        asked.push({ world });
        comparison.disagreements.push({
          world: index,
          question: questions[at],
          oracle,
          core,
        });
      }
    });
  }
  report(comparison, asked);
  return comparison;
}

/** With `ORACLE_REPORT` all disagreements go to that file, each with its whole world. */
function report(
  comparison: Comparison,
  asked: readonly { world: unknown }[],
): void {
  const { disagreements, ...counts } = comparison;
  process.stdout.write(
    `${JSON.stringify({ ...counts, disagreements: disagreements.length })}\n`,
  );
  const file = process.env.ORACLE_REPORT;
  if (file) {
    writeFileSync(
      file,
      JSON.stringify(
        disagreements.map((each, index) => ({ ...each, ...asked[index] })),
      ),
    );
  }
}
