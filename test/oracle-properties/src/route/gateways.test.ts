import * as fc from 'fast-check';
import { compareAnswers, runSize } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { withoutInvalid, World } from '../world/World';
import { askBoth } from './askBoth';
import { NAMESPACES, PODS, services } from './base';
import {
  boundVirtualServices,
  gatewayQuestions,
  gateways,
  PROXIES,
} from './gatewayParts';
import { RouteQuestion } from './questions';
import { destinationRules, meshConfig } from './surroundings';

const worlds: fc.Arbitrary<{ world: World; questions: RouteQuestion[] }> = fc
  .record({
    parts: fc.tuple(services, gateways, boundVirtualServices, destinationRules),
    meshConfig,
    questions: fc.array(gatewayQuestions('istio'), {
      minLength: 12,
      maxLength: 12,
    }),
  })
  .map(({ parts, meshConfig: config, questions }) => ({
    world: {
      objects: [
        ...NAMESPACES,
        ...PODS,
        ...PROXIES,
        ...withoutInvalid(parts.flat()),
      ],
      meshConfig: config,
    },
    questions,
  }));

const describeWithOracle = ORACLE ? describe : describe.skip;

describeWithOracle('Istio gateways, as Istio routes at them', () => {
  const oracle = ORACLE ? Oracle.start(ORACLE) : undefined;
  afterAll(() => oracle?.stop());

  it('agrees with istiod about every request of every world', async () => {
    const result = await compareAnswers<World, RouteQuestion>({
      ...runSize({ seed: 71, worlds: 150 }),
      arbitrary: worlds,
      tally: given => (given as { outcome: string }).outcome,
      ask: (world, questions) => askBoth(oracle!, world, questions),
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
