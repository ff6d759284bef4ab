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
  /** Questions that Istio itself answers now this way, now that way, one of them as the core does. */
  leftToChance: number;
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

/** How often a world is loaded anew to see whether Istio's answer is the same each time. */
const LOADS = 30;

/** More of them than one in this many questions, and chance is no longer believed. */
const RARE = 1_000;

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
    leftToChance: 0,
    disagreements: [],
  };
  const asked: { world: W }[] = [];
  for (const [index, { world, questions }] of samples.entries()) {
    const answers = await ask(world, questions);
    const other = samples[(index + 1) % samples.length];
    for (const [at, { oracle, core }] of answers.entries()) {
      comparison.questions += 1;
      const question = questions[at];
      const anew = async () => {
        // Another world in between, or the program keeps the one it has.
        await ask(other.world, other.questions.slice(0, 1));
        return (await ask(world, [question]))[0].oracle;
      };
      if (isSame(oracle, core)) {
        const kind = tally(core);
        comparison.agreed[kind] = (comparison.agreed[kind] ?? 0) + 1;
      } else if (
        comparison.leftToChance < (samples.length * questions.length) / RARE &&
        (await isLeftToChance(core, anew))
      ) {
        comparison.leftToChance += 1;
      } else {
        asked.push({ world });
        comparison.disagreements.push({ world: index, question, oracle, core });
      }
    }
  }
  report(comparison, asked);
  return comparison;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Whether Istio gives the core's answer too when the same world is loaded anew. Some things it decides by
 * the order of events: which endpoints a host has, for one, that a hidden Service and a ServiceEntry share.
 */
async function isLeftToChance(
  core: unknown,
  anew: () => Promise<unknown>,
): Promise<boolean> {
  for (let load = 0; load < LOADS; load += 1) {
    if (isSame(await anew(), core)) return true;
  }
  return false;
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
