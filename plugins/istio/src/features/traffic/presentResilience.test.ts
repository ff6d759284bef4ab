import type {
  ResilienceAnswer,
  ResilienceSetting,
} from '@istio-backstage/plugin-istio-common';
import {
  destinationRule,
  virtualService,
} from '../../__testUtils__/routeFixtures';
import { presentResilience } from './presentResilience';

const timeout = (text: string, index: number): ResilienceSetting => ({
  setting: 'timeout',
  state: 'on',
  text,
  decidedBy: {
    by: 'object',
    object: virtualService,
    fieldPath: `spec.http[${index}].timeout`,
  },
  overruled: [],
});

const pool: ResilienceSetting = {
  setting: 'connectionPool',
  state: 'on',
  text: '100 open',
  decidedBy: {
    by: 'object',
    object: destinationRule,
    fieldPath: 'spec.trafficPolicy.connectionPool',
  },
  overruled: [],
};

function answer(
  cluster: string,
  more: Partial<ResilienceAnswer> = {},
): ResilienceAnswer {
  return {
    cluster,
    client: { namespace: 'payments' },
    routes: [
      {
        host: 'payments',
        port: 8080,
        name: 'refunds',
        settings: [timeout('30 s', 0)],
        faults: [],
      },
      {
        host: 'payments',
        port: 8080,
        fieldPath: 'spec.http[1]',
        settings: [timeout('10 s', 1)],
        faults: [],
      },
    ],
    destinations: ['v1', 'v2'].map(subset => ({
      host: 'payments',
      subset,
      port: 8080,
      settings: [pool],
    })),
    rateLimits: [],
    rateLimitsKnown: true,
    otherCallers: [],
    caveats: [],
    ...more,
  };
}

const told = (items: ResilienceAnswer[]) =>
  presentResilience(items).map(({ setting, value, scope }) =>
    [setting, value, ...(scope ? [scope] : [])].join(': '),
  );

describe('presentResilience', () => {
  it('says once what is the same for all, and what the rest holds for', () => {
    expect(told([answer('prod-eu')])).toEqual([
      'Timeout: 30 s: For refunds',
      'Timeout: 10 s: For rule 2',
      'Connection limit: 100 open',
      'Rate limit: None',
    ]);
  });

  it('takes the same objects of two clusters for one, and names the cluster that differs', () => {
    const other = answer('prod-us', {
      destinations: [
        {
          host: 'payments',
          subset: 'v1',
          port: 8080,
          settings: [{ ...pool, text: 'No limit' }],
        },
      ],
    });
    expect(told([answer('prod-eu'), answer('prod-us')])).toHaveLength(4);
    expect(told([answer('prod-eu'), other])).toEqual(
      expect.arrayContaining([
        'Connection limit: 100 open: For v1, v2 in prod-eu',
        'Connection limit: No limit: For v1 in prod-us',
      ]),
    );
  });

  it('does not take unread EnvoyFilters for no limit', () => {
    const rows = presentResilience([
      answer('prod-eu', { rateLimitsKnown: false }),
    ]);
    expect(rows.at(-1)).toMatchObject({
      state: 'unknown',
      value: 'Unknown',
      decidedBy: { note: 'EnvoyFilters of prod-eu could not be read' },
    });
  });
});
