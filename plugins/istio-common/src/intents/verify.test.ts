import type { RequestSample } from '../telemetry/types';
import { observation, requestsBothSides } from '../testUtils/traffic';
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
