import * as fc from 'fast-check';
import { reportCounts, reportDifference } from './report';
import { runSize, RunSizes } from './runSize';
import { samplesOf } from './samplesOf';

/** What is asked about. */
export type Subject =
  | 'validation'
  | 'analysis'
  | 'route'
  | 'mtls'
  | 'authz'
  | 'resilience';

/** One question that two answered differently. */
export interface Disagreement {
  /** Position in the run. */
  index: number;
  question: unknown;
  oracle: unknown;
  core: unknown;
}

/** Counts of one comparison, and what differed. */
export interface Comparison {
  subject: Subject;
  seed: number;
  worlds: number;
  questions: number;
  /** How often each answer was given by both, as text. */
  agreed: Record<string, number>;
  /** Questions that Istio itself answers now this way, now that way, one of them as the core does. */
  leftToChance: number;
  disagreements: Disagreement[];
}

/** How often a world is loaded anew to see whether Istio's answer is the same each time. */
const LOADS = 30;

/** More of them than one in this many questions, and chance is no longer believed. */
const RARE = 1_000;

/** With so many disagreements the run has failed anyway, and loading worlds anew would take long. */
const ENOUGH = 5;

interface Asked<W, Q> {
  world: W;
  questions: readonly Q[];
}

/** Sends all its questions before it waits for anything, so that those about one world stay together. */
type Ask<W, Q> = (
  world: W,
  questions: readonly Q[],
) => Promise<readonly { oracle: unknown; core: unknown }[]>;

/**
 * Asks both about every question of every generated world. Worlds come from the seed alone, so that a
 * disagreement can be looked at again.
 */
export async function compareAnswers<W, Q>(options: {
  subject: Subject;
  size: RunSizes;
  arbitrary: fc.Arbitrary<Asked<W, Q>>;
  /** What an answer is counted as. */
  tally(answer: unknown): string;
  ask: Ask<W, Q>;
}): Promise<Comparison> {
  const { subject, arbitrary, ask, tally } = options;
  const { seed, worlds } = runSize(options.size);
  const comparison: Comparison = {
    subject,
    seed,
    worlds,
    questions: 0,
    agreed: {},
    leftToChance: 0,
    disagreements: [],
  };
  // Another world than the one in question: the program keeps the one it has.
  const [other] = fc.sample(arbitrary, { seed: seed - 1, numRuns: 1 });
  let index = 0;
  const samples = samplesOf(arbitrary, { seed, count: worlds });
  for await (const { asked, answers } of askedAhead(samples, ask)) {
    const { world, questions } = asked;
    for (const [at, { oracle, core }] of answers.entries()) {
      const question = questions[at];
      comparison.questions += 1;
      if (isSame(oracle, core)) {
        const kind = tally(core);
        comparison.agreed[kind] = (comparison.agreed[kind] ?? 0) + 1;
        continue;
      }
      const leftToChance =
        comparison.leftToChance < (worlds * questions.length) / RARE &&
        comparison.disagreements.length < ENOUGH &&
        (await isLeftToChance({ ask, core, other, asked, question }));
      const difference = { index, question, oracle, core };
      if (leftToChance) {
        comparison.leftToChance += 1;
      } else {
        comparison.disagreements.push(difference);
      }
      reportDifference({ subject, seed, leftToChance, ...difference, world });
    }
    index += 1;
  }
  reportCounts(comparison);
  return comparison;
}

/**
 * Every world with its answers. The questions about the next world are sent before the answers about this one
 * are awaited: the two programs work at the same time.
 */
async function* askedAhead<W, Q>(
  samples: Iterator<Asked<W, Q>>,
  ask: Ask<W, Q>,
) {
  const begin = () => {
    const { value: asked, done } = samples.next();
    if (done) return undefined;
    const answers = ask(asked.world, asked.questions);
    // Told to whoever awaits it, which may be after another failed.
    answers.catch(() => {});
    return { asked: asked as Asked<W, Q>, answers };
  };
  for (let next = begin(); next; ) {
    const { asked, answers } = next;
    next = begin();
    yield { asked, answers: await answers };
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Whether Istio gives the core's answer too when the same world is loaded anew. Some things it decides by
 * the order of events: which endpoints a host has, for one, that a hidden Service and a ServiceEntry share.
 */
async function isLeftToChance<W, Q>(options: {
  ask: Ask<W, Q>;
  core: unknown;
  other: Asked<W, Q>;
  asked: Asked<W, Q>;
  question: Q;
}): Promise<boolean> {
  const { ask, core, other, asked, question } = options;
  for (let load = 0; load < LOADS; load += 1) {
    await ask(other.world, other.questions.slice(0, 1));
    const [again] = await ask(asked.world, [question]);
    if (isSame(again.oracle, core)) return true;
  }
  return false;
}
