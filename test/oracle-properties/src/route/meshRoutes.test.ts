import * as fc from 'fast-check';
import { compareAnswers, runSize } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { withoutInvalid, World } from '../world/World';
import { askBoth } from './askBoth';
import { NAMESPACES, PODS, services } from './base';
import { httpQuestions, RouteQuestion } from './questions';
import {
  destinationRules,
  meshConfig,
  serviceEntries,
  sidecars,
} from './surroundings';
import { delegates, virtualServices } from './virtualServices';

const worlds: fc.Arbitrary<{ world: World; questions: RouteQuestion[] }> = fc
  .record({
    parts: fc.tuple(
      services,
      virtualServices(),
      fc.option(delegates, { nil: [], freq: 2 }),
      destinationRules,
      serviceEntries,
      fc.option(sidecars, { nil: [], freq: 2 }),
    ),
    meshConfig,
    questions: fc.array(httpQuestions, { minLength: 14, maxLength: 14 }),
  })
  .map(({ parts, meshConfig: config, questions }) => ({
    world: {
      objects: [...NAMESPACES, ...PODS, ...withoutInvalid(parts.flat())],
      meshConfig: config,
    },
    questions,
  }));

const describeWithOracle = ORACLE ? describe : describe.skip;

describeWithOracle('HTTP routes of the mesh, as Istio makes them', () => {
  const oracle = ORACLE ? Oracle.start(ORACLE) : undefined;
  afterAll(() => oracle?.stop());

  it('agrees with istiod about every request of every world', async () => {
    const result = await compareAnswers<World, RouteQuestion>({
      ...runSize({ seed: 51, worlds: 250 }),
      arbitrary: worlds,
      tally: given => (given as { outcome: string }).outcome,
      ask: (world, questions) => askBoth(oracle!, world, questions),
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
