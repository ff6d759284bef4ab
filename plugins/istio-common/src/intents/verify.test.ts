import type { RequestSample } from '../telemetry/types';
import { observation, requestsBothSides } from '../testUtils/traffic';
import { buildWorld } from './__testUtils__/goldenCases.testdata';
import { bindIntent } from './bindIntent';
import type { Intent } from './intent';

const target = {
  clusters: ['prod-eu'],
  namespace: 'catalog',
  service: 'reviews',
};
const timeouts = (more: object): Intent => ({
  type: 'timeoutsAndRetries',
  params: { ...target, retries: { mode: 'default' }, ...more },
});
const breaker = (more: object): Intent => ({
  type: 'circuitBreaker',
  params: { ...target, ...more },
});

/** A thousand requests to reviews, and some more that ended with a flag. */
function traffic(flags: Record<string, number> = {}): RequestSample[] {
  const fine = requestsBothSides(1000, {
    from: 'catalog.catalog',
    to: 'reviews-v1.catalog@v1',
    service: 'reviews.catalog',
  });
  const [sample] = fine.filter(({ reporter }) => reporter === 'source');
  return [
    ...fine,
    ...Object.entries(flags).map(([responseFlags, requests]) => ({
      ...sample,
      responseFlags,
      requests,
    })),
  ];
}

function verify(
  intent: Intent,
  since: Record<string, number>,
  before: Record<string, number> = {},
) {
  return bindIntent(intent).verify({
    versions: [],
    written: [],
    match: { workloads: [], services: [], nearMisses: [] },
    snapshots: [],
    observations: [observation(traffic(since))],
    earlier: [observation(traffic(before))],
    minimumRequests: 50,
  });
}

describe('verification of timeouts and retries', () => {
  it('sees requests that run into the timeout and did not before', () => {
    expect(verify(timeouts({ timeout: '1s' }), { UT: 12 })).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: 12 of 1,012 requests ran into the timeout, none did before',
    });
  });

  it('does not take a timeout that nobody reaches for proof', () => {
    expect(verify(timeouts({ timeout: '1s' }), { UO: 3 })).toEqual({
      verdict: 'wait',
      why: 'none of 1,003 requests since ran into the timeout, and a limit that nobody reaches leaves no trace',
    });
  });

  it('cannot tell a new timeout from an old one', () => {
    expect(verify(timeouts({ timeout: '1s' }), { UT: 9 }, { UT: 2 })).toEqual({
      verdict: 'impossible',
      why: 'requests ran into the timeout before the change too, so the metrics do not tell the new limit from the old one',
    });
  });

  it('sees retries that all failed', () => {
    const retries = {
      mode: 'on',
      attempts: 2,
      retryOn: [],
      statusCodes: [503],
    };
    expect(verify(timeouts({ retries }), { 'UF,URX': 4 })).toMatchObject({
      verdict: 'verified',
      text: expect.stringContaining('4 of 1,004 requests failed after all'),
    });
  });

  it('says that a limit taken away cannot be seen', () => {
    expect(verify(timeouts({}), {})).toMatchObject({ verdict: 'impossible' });
  });
});

describe('verification of a circuit breaker', () => {
  const connectionPool = { maxConnections: 5 };

  it('sees requests that the limit refuses', () => {
    expect(verify(breaker({ connectionPool }), { UO: 30 })).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: 30 of 1,030 requests were refused by the limit, none was before',
    });
  });

  it('waits where none is refused, and gives up where some were before', () => {
    expect(verify(breaker({ connectionPool }), { UT: 1 })).toMatchObject({
      verdict: 'wait',
    });
    expect(
      verify(breaker({ connectionPool }), { UO: 1 }, { UO: 1 }),
    ).toMatchObject({ verdict: 'impossible' });
  });

  it('says that no metric shows an ejection', () => {
    expect(
      verify(breaker({ ejection: { consecutive5xxErrors: 3 } }), { UH: 9 }),
    ).toEqual({
      verdict: 'impossible',
      why: 'Istio’s metrics do not show which pods a proxy has taken out',
    });
  });
});

describe('verification of an A/B test', () => {
  const test = (who: object, version: string): Intent =>
    ({
      type: 'abTest',
      params: {
        ...target,
        otherArms: 'end',
        arms: [{ who: [[who]], version }],
      },
    } as Intent);
  const beta = { by: 'header', name: 'x-beta', op: 'exact', value: 'yes' };
  const callers = { by: 'sourceNamespace', namespace: 'catalog' };
  const to = (workload: string, requests: number) =>
    requestsBothSides(requests, {
      from: 'catalog.catalog',
      to: `${workload}.catalog@${workload.split('-')[1]}`,
      service: 'reviews.catalog',
    });
  const look = (
    intent: Intent,
    since: RequestSample[],
    before: RequestSample[] = [],
  ) =>
    bindIntent(intent).verify({
      versions: [],
      written: [],
      match: { workloads: [], services: [], nearMisses: [] },
      snapshots: [
        buildWorld([
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'reviews', namespace: 'catalog' },
            spec: { selector: { app: 'reviews' } },
          },
          ...['v1', 'v2'].map(version => ({
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: `reviews-${version}`, namespace: 'catalog' },
            spec: {
              template: { metadata: { labels: { app: 'reviews', version } } },
            },
            status: { readyReplicas: 1 },
          })),
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'DestinationRule',
            metadata: { name: 'reviews', namespace: 'catalog' },
            spec: {
              host: 'reviews',
              subsets: ['v1', 'v2'].map(name => ({
                name,
                labels: { version: name },
              })),
            },
          },
        ]),
      ],
      observations: [observation(since)],
      earlier: [observation(before)],
      minimumRequests: 50,
    });

  it('sees all requests of the callers go to their version', () => {
    expect(look(test(callers, 'v2'), to('reviews-v2', 100))).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: 100 of 100 requests of caller in namespace catalog went to v2',
    });
    expect(
      look(test(callers, 'v2'), [
        ...to('reviews-v2', 60),
        ...to('reviews-v1', 40),
      ]),
    ).toMatchObject({
      verdict: 'wait',
      why: expect.stringContaining('60 of 100'),
    });
  });

  it('sees a version that nobody reached before', () => {
    const since = [...to('reviews-v1', 90), ...to('reviews-v2', 10)];
    expect(look(test(beta, 'v2'), since, to('reviews-v1', 99))).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: 10 of 100 requests went to v2, none did before',
    });
    expect(
      look(test(beta, 'v2'), to('reviews-v1', 100), to('reviews-v1', 99)),
    ).toMatchObject({ verdict: 'wait' });
  });

  it('says that no metric names headers where both versions had requests', () => {
    const mixed = [...to('reviews-v1', 90), ...to('reviews-v2', 10)];
    expect(look(test(beta, 'v2'), mixed, mixed)).toEqual({
      verdict: 'impossible',
      why: 'the metrics do not tell requests with header x-beta is yes from others',
    });
  });
});
