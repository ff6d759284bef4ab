import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { RULES } from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import type { World } from '../world/World';
import { askBoth, Met, Said } from './askBoth';
import { DIFFERENCES, NOT_ASKED } from './differences';
import { Meaning, meaningsOf } from './meanings';
import { analyzeWorlds } from './worlds';

/** Everything istioctl says that some rule says it stands for. */
const MEANINGS: readonly Meaning[] = [...new Set(RULES.flatMap(meaningsOf))]
  .filter(meaning => !(meaning in NOT_ASKED))
  .sort();

const ONCE_DIFFERED = load(
  readFileSync(join(__dirname, 'onceDiffered.yaml'), 'utf8'),
) as (World & { name: string })[];

describe('findings, as istioctl’s analyzers have them', () => {
  const oracle = Oracle.start(ORACLE);
  const met: Met = new Map();
  afterAll(() => oracle.stop());

  it('knows what every rule stands for', () => {
    expect(MEANINGS.filter(meaning => meaning.endsWith('?'))).toEqual([]);
  });

  it.each(ONCE_DIFFERED)(
    'says what istioctl says: $name',
    async ({ objects, meshConfig }) => {
      const world = { objects, meshConfig };
      const answers = await askBoth({
        oracle,
        world,
        meanings: MEANINGS,
        met,
      });
      expect(answers.map(({ core }) => core)).toEqual(
        answers.map(answer => answer.oracle),
      );
    },
  );

  it('names the objects that istioctl names, for every code a rule stands for', async () => {
    const result = await compareAnswers<World, Meaning>({
      subject: 'analysis',
      size: { seed: 101, worlds: 700, nightly: 5000 },
      arbitrary: analyzeWorlds.map(world => ({ world, questions: MEANINGS })),
      tally: given => {
        const { meaning, objects } = given as Said;
        return objects.length > 0 ? meaning : 'nothing';
      },
      ask: (world, meanings) => askBoth({ oracle, world, meanings, met }),
    });
    process.stdout.write(
      `${JSON.stringify(
        [...met].map(([{ meaning, only, reason }, times]) => ({
          meaning,
          only,
          reason,
          times,
        })),
      )}\n`,
    );
    expect(result.disagreements.slice(0, 2)).toEqual([]);
    // A code that no world ever shows would agree whatever the rule does.
    expect(MEANINGS.filter(meaning => !result.agreed[meaning])).toEqual([]);
  });

  it('has no difference in its table that is gone', () => {
    const reasons = new Set([...met.keys()].map(({ reason }) => reason));
    expect(DIFFERENCES.filter(({ reason }) => !reasons.has(reason))).toEqual(
      [],
    );
  });
});
