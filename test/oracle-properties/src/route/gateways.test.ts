import * as fc from 'fast-check';
import { Oracle, ORACLE } from '../world/Oracle';
import { services } from './base';
import { askedWorlds, compareRoutes } from './compareRoutes';
import {
  boundVirtualServices,
  gatewayQuestions,
  gateways,
  PROXIES,
} from './gatewayParts';
import { destinationRules } from './surroundings';

const worlds = askedWorlds({
  parts: fc.tuple(services, gateways, boundVirtualServices, destinationRules),
  questions: gatewayQuestions('istio'),
  count: 12,
  always: PROXIES,
});

describe('Istio gateways, as Istio routes at them', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every request of every world', async () => {
    const result = await compareRoutes(oracle, {
      worlds,
      size: { seed: 71, worlds: 100, nightly: 800 },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
