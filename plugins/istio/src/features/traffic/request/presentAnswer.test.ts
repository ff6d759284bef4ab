import type { RouteAnswer } from '@istio-backstage/plugin-istio-common';
import { paymentsMesh } from '../../../__testUtils__/fixtures';
import {
  destinationRule,
  virtualService,
} from '../../../__testUtils__/routeFixtures';
import { presentAnswer } from './presentAnswer';

const HOST = 'payments.payments.svc.cluster.local';

function answer(more: Partial<RouteAnswer> = {}): RouteAnswer {
  return {
    outcome: 'routed',
    matched: true,
    rule: { object: virtualService, path: 'spec.http[1]' },
    destinations: [
      { host: HOST, subset: 'v1', port: 8080, percent: 90 },
      { host: HOST, subset: 'v2', port: 8080, percent: 10 },
    ],
    decidedBy: [
      {
        by: 'object',
        object: destinationRule,
        fieldPath: 'spec.subsets[0]',
      },
    ],
    considered: [
      {
        object: virtualService,
        path: 'spec.http[0].match[0]',
        reason: 'noMatch',
        text: 'Header x-canary is not there.',
      },
      {
        object: virtualService,
        path: 'spec.http[0].match[1]',
        reason: 'noMatch',
        text: 'The path is not /canary.',
      },
    ],
    unreachable: [
      {
        object: virtualService,
        path: 'spec.http[2]',
        text: 'spec.http[1] takes every request before it.',
      },
    ],
    shadowed: [],
    caveats: [],
    ...more,
  };
}

const [v1] = paymentsMesh.match.workloads;

/** Two versions in the cluster that is asked, one of them also in another. */
const known = {
  ...paymentsMesh,
  cluster: 'prod-eu',
  match: {
    ...paymentsMesh.match,
    workloads: [
      v1,
      { ...v1, cluster: 'prod-us' },
      { ...v1, name: 'payments-v2', podsReady: 1, podsDesired: 2 },
    ],
  },
};

const told = (given: RouteAnswer) => presentAnswer(given, known);

describe('presentAnswer', () => {
  it('says first where the request goes, then each rule it passed and why', () => {
    const { verdict, tone, steps } = told(answer({ timeout: '10s' }));
    expect(verdict).toBe('Goes to v1 (90 %) or v2 (10 %) on port 8080.');
    expect(tone).toBe('info');
    expect(steps.map(({ state, title }) => `${state}: ${title}`)).toEqual([
      'passed: Rule 1 “canary-header” does not match',
      'taken: Rule 2 “primary” matches',
      'taken: Limits of the call',
      'taken: v1 has 4 of 4 pods ready',
      'taken: v2 has 1 of 2 pods ready',
      'note: Rule 3 “beta-users” is never reached',
    ]);
    expect(steps[0].detail).toBe(
      'Header x-canary is not there. The path is not /canary.',
    );
    expect(steps[1].object).toBe(virtualService);
  });

  it('names what fails', () => {
    const { tone, steps } = told(
      answer({
        destinations: [
          {
            host: HOST,
            subset: 'v9',
            port: 8080,
            percent: 100,
            problem: { code: 'unknownSubset', text: 'No rule defines v9.' },
          },
        ],
      }),
    );
    expect(tone).toBe('bad');
    expect(steps).toContainEqual(
      expect.objectContaining({
        state: 'problem',
        title: 'No rule defines v9.',
      }),
    );
  });

  it.each<[Partial<RouteAnswer>, string]>([
    [
      { outcome: 'redirect', redirect: { code: 301, scheme: 'https' } },
      'Is answered with a redirect (301) to https://.',
    ],
    [{ outcome: 'blackhole' }, 'Is refused by the caller’s own proxy.'],
    [
      { outcome: 'noRoute' },
      'Goes nowhere: no rule takes it, the answer is 404.',
    ],
    [
      { outcome: 'directResponse', directResponse: { status: 503 } },
      'Is answered by the proxy itself with status 503.',
    ],
    [{ outcome: 'refused', reason: 'No port.' }, 'Is refused. No port.'],
  ])('tells other ends: %o', (more, verdict) => {
    expect(told(answer({ ...more, destinations: [] })).verdict).toBe(verdict);
  });
});
