import * as fc from 'fast-check';
import { Oracle, ORACLE } from '../world/Oracle';
import { services } from './base';
import { askedWorlds, compareRoutes } from './compareRoutes';
import { httpQuestions } from './questions';
import { destinationRules, serviceEntries, sidecars } from './surroundings';
import { delegates, virtualServices } from './virtualServices';

const worlds = askedWorlds({
  parts: fc.tuple(
    services,
    virtualServices(),
    fc.option(delegates, { nil: [], freq: 2 }),
    destinationRules,
    serviceEntries,
    fc.option(sidecars, { nil: [], freq: 2 }),
  ),
  questions: httpQuestions,
  count: 14,
});

describe('HTTP routes of the mesh, as Istio makes them', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every request of every world', async () => {
    const result = await compareRoutes(oracle, {
      worlds,
      size: { seed: 51, worlds: 150, nightly: 1200 },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
