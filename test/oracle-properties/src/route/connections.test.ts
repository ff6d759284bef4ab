import * as fc from 'fast-check';
import { Oracle, ORACLE } from '../world/Oracle';
import { services } from './base';
import { askedWorlds, compareRoutes } from './compareRoutes';
import { connectionVirtualServices } from './connectionRoutes';
import { connectionQuestions } from './questions';
import { destinationRules, serviceEntries, sidecars } from './surroundings';

const worlds = askedWorlds({
  parts: fc.tuple(
    services,
    connectionVirtualServices,
    destinationRules,
    serviceEntries,
    fc.option(sidecars, { nil: [], freq: 3 }),
  ),
  questions: connectionQuestions,
  count: 12,
});

describe('TCP and TLS connections, as Istio forwards them', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every connection of every world', async () => {
    const result = await compareRoutes(oracle, {
      worlds,
      size: { seed: 61, worlds: 80, nightly: 800 },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
