import * as fc from 'fast-check';
import { compact, pick, rarely, sometimes } from '../route/base';

/** Istio takes no block without a field. */
const isWritten = (block: object) => Object.keys(block).length > 0;

const durations = pick('250ms', '5s', '1m30s');

const connectionPool = fc
  .record({
    tcp: sometimes(
      fc
        .record({
          maxConnections: sometimes(pick(0, 1, 100)),
          connectTimeout: sometimes(durations),
          idleTimeout: sometimes(durations),
          maxConnectionDuration: sometimes(durations),
        })
        .map(compact),
    ),
    http: sometimes(
      fc
        .record({
          limits: fc
            .record({
              http1MaxPendingRequests: sometimes(pick(0, 50)),
              http2MaxRequests: sometimes(pick(0, 200)),
              maxRequestsPerConnection: sometimes(pick(0, 1, 10)),
              maxRetries: sometimes(pick(0, 4)),
              maxConcurrentStreams: sometimes(pick(0, 7)),
              idleTimeout: sometimes(durations),
            })
            .map(compact),
          speaks: rarely(
            pick<object>(
              { h2UpgradePolicy: 'UPGRADE' },
              { h2UpgradePolicy: 'DO_NOT_UPGRADE' },
              { h2UpgradePolicy: 'DEFAULT' },
              { useClientProtocol: true },
            ),
            3,
          ),
        })
        .map(({ limits, speaks }) => ({ ...limits, ...speaks })),
    ),
  })
  .map(compact)
  .filter(isWritten);

const outlierDetection = fc
  .record({
    consecutive5xxErrors: sometimes(pick(0, 3)),
    consecutiveGatewayErrors: sometimes(pick(0, 2)),
    splitExternalLocalOriginErrors: sometimes(fc.boolean()),
    consecutiveLocalOriginFailures: sometimes(pick(0, 4)),
    interval: sometimes(durations),
    baseEjectionTime: sometimes(durations),
    maxEjectionPercent: sometimes(pick(0, 50, 100)),
    minHealthPercent: sometimes(pick(0, 40)),
  })
  // Istio wants the number of local failures with the switch only.
  .map(({ consecutiveLocalOriginFailures: local, ...rest }) =>
    compact(
      rest.splitExternalLocalOriginErrors
        ? { ...rest, consecutiveLocalOriginFailures: local }
        : rest,
    ),
  );

const consistentHash = fc
  .record({
    key: pick<object>(
      { httpHeaderName: 'x-user' },
      { httpCookie: { name: 'who', ttl: '5s' } },
      { httpCookie: { name: 'who' } },
      { httpQueryParameterName: 'u' },
      { useSourceIp: true },
    ),
    how: pick<object>(
      {},
      { maglev: {} },
      { ringHash: { minimumRingSize: 64 } },
      { minimumRingSize: 32 },
    ),
  })
  .map(({ key, how }) => ({ ...key, ...how }));

const loadBalancer = fc
  .tuple(
    fc.oneof(
      pick(
        'ROUND_ROBIN',
        'LEAST_REQUEST',
        'LEAST_CONN',
        'RANDOM',
        'PASSTHROUGH',
        'UNSPECIFIED',
      ).map(simple => ({ simple })),
      consistentHash.map(hash => ({ consistentHash: hash })),
      fc.constant({}),
    ),
    rarely(
      pick<object>(
        { warmup: { duration: '5s' } },
        { warmupDurationSecs: '5s' },
      ),
      4,
    ),
  )
  .map(([choice, warmup]) => ({ ...choice, ...warmup }));

const retryBudget = fc
  .record({
    percent: sometimes(pick(25, 12.5)),
    minRetryConcurrency: sometimes(pick(0, 5)),
  })
  .map(compact);

const blocks = {
  connectionPool: sometimes(connectionPool),
  outlierDetection: sometimes(outlierDetection),
  loadBalancer: sometimes(loadBalancer),
};

/** What a rule or a subset may set, for all ports and for some. */
export const trafficPolicies = fc
  .record({
    ...blocks,
    retryBudget: rarely(retryBudget, 4),
    portLevelSettings: sometimes(
      fc.array(
        fc
          .record({
            port: pick(80, 7070, 9000).map(number => ({ number })),
            ...blocks,
          })
          .map(compact)
          .filter(settings => Object.keys(settings).length > 1),
        { minLength: 1, maxLength: 2 },
      ),
    ),
  })
  .map(compact)
  .filter(isWritten);
