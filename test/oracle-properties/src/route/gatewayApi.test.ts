import * as fc from 'fast-check';
import { compareAnswers, runSize } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { withoutInvalid, World } from '../world/World';
import { askBoth } from './askBoth';
import { NAMESPACES, PODS, services } from './base';
import {
  httpRoutes,
  kubernetesGateway,
  referenceGrants,
} from './gatewayApiParts';
import { gatewayQuestions, PROXIES } from './gatewayParts';
import { httpQuestions, RouteQuestion } from './questions';
import { destinationRules, meshConfig } from './surroundings';
import { virtualServices } from './virtualServices';

const questionsOf = (arbitrary: fc.Arbitrary<RouteQuestion>) =>
  fc.array(arbitrary, { minLength: 14, maxLength: 14 });

/** Routes of Services, beside VirtualServices for the same hosts. */
const meshWorlds: fc.Arbitrary<{ world: World; questions: RouteQuestion[] }> =
  fc
    .record({
      parts: fc.tuple(
        services,
        httpRoutes('mesh'),
        fc.option(virtualServices(['mesh']), { nil: [], freq: 2 }),
        destinationRules,
      ),
      meshConfig,
      questions: questionsOf(httpQuestions),
    })
    .map(({ parts, meshConfig: config, questions }) => ({
      world: {
        objects: [...NAMESPACES, ...PODS, ...withoutInvalid(parts.flat())],
        meshConfig: config,
      },
      questions,
    }));

/** Routes of a Gateway, with the grants they need. */
const gatewayWorlds: fc.Arbitrary<{
  world: World;
  questions: RouteQuestion[];
}> = fc
  .record({
    parts: fc.tuple(
      services,
      kubernetesGateway.map(object => [object]),
      httpRoutes('gateway'),
      referenceGrants,
    ),
    meshConfig,
    questions: questionsOf(gatewayQuestions('kubernetes')),
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

describeWithOracle('Gateway API routes, as Istio reads them', () => {
  const oracle = ORACLE ? Oracle.start(ORACLE) : undefined;
  afterAll(() => oracle?.stop());

  const compare = (
    arbitrary: typeof meshWorlds,
    defaults: { seed: number; worlds: number },
  ) =>
    compareAnswers<World, RouteQuestion>({
      ...runSize(defaults),
      arbitrary,
      tally: given => (given as { outcome: string }).outcome,
      ask: (world, questions) => askBoth(oracle!, world, questions),
    });

  it('agrees with istiod about every request in the mesh', async () => {
    const result = await compare(meshWorlds, { seed: 81, worlds: 120 });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });

  it('agrees with istiod about every request at a Gateway', async () => {
    const result = await compare(gatewayWorlds, { seed: 91, worlds: 120 });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
