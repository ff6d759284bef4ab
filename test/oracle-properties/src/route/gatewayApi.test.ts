import * as fc from 'fast-check';
import { Oracle, ORACLE } from '../world/Oracle';
import { services } from './base';
import { askedWorlds, compareRoutes } from './compareRoutes';
import { connectionVirtualServices } from './connectionRoutes';
import { httpRoutes } from './gatewayApiHttp';
import { grpcRoutes, tcpRoutes, tlsRoutes } from './gatewayApiOthers';
import { kubernetesGateway, referenceGrants } from './gatewayApiParts';
import { gatewayQuestions, PROXIES } from './gatewayParts';
import { connectionQuestions, grpcQuestions, httpQuestions } from './questions';
import { destinationRules } from './surroundings';
import { virtualServices } from './virtualServices';

const gateway = kubernetesGateway.map(object => [object]);

/** Routes of Services, beside VirtualServices for the same hosts. */
const httpInMesh = askedWorlds({
  parts: fc.tuple(
    services,
    httpRoutes('mesh'),
    fc.option(virtualServices(['mesh']), { nil: [], freq: 2 }),
    destinationRules,
  ),
  questions: httpQuestions,
  count: 14,
});

/** Routes of a Gateway, with the grants they need. */
const httpAtGateway = askedWorlds({
  parts: fc.tuple(services, gateway, httpRoutes('gateway'), referenceGrants),
  questions: gatewayQuestions('kubernetes'),
  count: 14,
  always: PROXIES,
});

/** GRPCRoutes beside HTTPRoutes of the same Services. */
const grpcInMesh = askedWorlds({
  parts: fc.tuple(
    services,
    grpcRoutes('mesh'),
    fc.option(httpRoutes('mesh'), { nil: [], freq: 2 }),
    fc.option(virtualServices(['mesh']), { nil: [], freq: 3 }),
  ),
  questions: fc.oneof(grpcQuestions, httpQuestions),
  count: 14,
});

/** TCPRoutes and TLSRoutes beside VirtualServices for the same connections. */
const connectionsInMesh = askedWorlds({
  parts: fc.tuple(
    services,
    tcpRoutes('mesh'),
    tlsRoutes('mesh'),
    fc.option(connectionVirtualServices, { nil: [], freq: 2 }),
    destinationRules,
  ),
  questions: connectionQuestions,
  count: 14,
});

/** Routes of every kind at one Gateway. */
const allAtGateway = askedWorlds({
  parts: fc.tuple(
    services,
    gateway,
    fc.option(grpcRoutes('gateway'), { nil: [], freq: 3 }),
    fc.option(httpRoutes('gateway'), { nil: [], freq: 2 }),
    tcpRoutes('gateway'),
    tlsRoutes('gateway'),
    referenceGrants,
  ),
  questions: gatewayQuestions('kubernetes'),
  count: 14,
  always: PROXIES,
});

describe('Gateway API routes, as Istio reads them', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it.each([
    [
      'HTTPRoutes in the mesh',
      httpInMesh,
      { seed: 81, worlds: 40, nightly: 600 },
    ],
    [
      'HTTPRoutes at a Gateway',
      httpAtGateway,
      { seed: 91, worlds: 40, nightly: 600 },
    ],
    [
      'GRPCRoutes in the mesh',
      grpcInMesh,
      { seed: 83, worlds: 40, nightly: 400 },
    ],
    [
      'TCPRoutes and TLSRoutes in the mesh',
      connectionsInMesh,
      { seed: 85, worlds: 40, nightly: 400 },
    ],
    [
      'routes of every kind at a Gateway',
      allAtGateway,
      { seed: 93, worlds: 40, nightly: 600 },
    ],
  ])('agrees with istiod about %s', async (_, worlds, size) => {
    const result = await compareRoutes(oracle, { worlds, size });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
