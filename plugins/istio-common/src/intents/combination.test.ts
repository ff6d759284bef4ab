import { objectKey } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import { compileIntent } from './compileIntent';
import { buildWorld } from './__testUtils__/goldenCases.testdata';
import type { Intent } from './intent';

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: { selector: { app: 'reviews' }, ports: [{ name: 'http', port: 9080 }] },
};
const workload = (version: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `reviews-${version}`, namespace: 'catalog' },
  spec: {
    template: { metadata: { labels: { app: 'reviews', version } } },
  },
  status: { readyReplicas: 2 },
});
const target = {
  clusters: ['prod-eu'],
  namespace: 'catalog',
  service: 'reviews',
};
const route = {
  kind: 'VirtualService' as const,
  namespace: 'catalog',
  name: 'reviews',
  fieldPath: 'http[0]',
};

/** The objects after one intent after the other, each on what the one before left. */
function carryOut(intents: Intent[]): KubeObject[] {
  let objects = [service, workload('v1'), workload('v2')];
  for (const intent of intents) {
    const result = compileIntent({ intent, snapshot: buildWorld(objects) });
    if (!result.ok) {
      throw new Error(JSON.stringify(result.problems));
    }
    const names = result.desired.map(({ kind }) => kind);
    objects = [
      ...objects.filter(({ kind }) => !names.includes(kind)),
      ...result.desired,
    ];
  }
  return objects.filter(({ kind }) =>
    ['VirtualService', 'DestinationRule'].includes(kind),
  );
}

const weights = (v1: number) => [
  { key: 'v1', weight: v1 },
  { key: 'v2', weight: 100 - v1 },
];
const timeouts = (more: object): Intent => ({
  type: 'timeoutsAndRetries',
  params: { ...target, ...more, timeout: '5s', retries: { mode: 'off' } },
});
const breaker: Intent = {
  type: 'circuitBreaker',
  params: { ...target, connectionPool: { maxConnections: 9 } },
};

/** What is left of the security policies after one intent after the other. */
function secure(intents: Intent[]): KubeObject[] {
  let objects = [service, workload('v1'), workload('v2')];
  for (const intent of intents) {
    const result = compileIntent({ intent, snapshot: buildWorld(objects) });
    if (!result.ok) {
      throw new Error(JSON.stringify(result.problems));
    }
    const gone = new Set([...result.desired, ...result.removed].map(objectKey));
    objects = [
      ...objects.filter(object => !gone.has(objectKey(object))),
      ...result.desired,
    ];
  }
  return objects.filter(({ apiVersion }) => apiVersion.startsWith('security'));
}

describe('security intents of one Service', () => {
  const mtls = (more: object): Intent => ({
    type: 'mtlsMode',
    params: { ...target, level: 'workload', mode: 'STRICT', ...more },
  });
  const callers = (more: object): Intent => ({
    type: 'whoMayCall',
    params: {
      ...target,
      action: 'ALLOW',
      dryRun: false,
      rules: [{ namespaces: ['shop'] }],
      ...more,
    },
  });

  it('stand beside one another and beside routes, and each goes without the others', () => {
    const all = [
      mtls({}),
      mtls({ port: 9080, mode: 'PERMISSIVE' }),
      callers({}),
      callers({ action: 'DENY', rules: [{ namespaces: ['legacy'] }] }),
      breaker,
    ];
    expect(
      secure(all).map(({ metadata, spec }) => [metadata.name, spec]),
    ).toEqual([
      [
        'reviews',
        {
          selector: { matchLabels: { app: 'reviews' } },
          mtls: { mode: 'STRICT' },
          portLevelMtls: { 9080: { mode: 'PERMISSIVE' } },
        },
      ],
      [
        'reviews-allow',
        {
          selector: { matchLabels: { app: 'reviews' } },
          action: 'ALLOW',
          rules: [{ from: [{ source: { namespaces: ['shop'] } }] }],
        },
      ],
      [
        'reviews-deny',
        {
          selector: { matchLabels: { app: 'reviews' } },
          action: 'DENY',
          rules: [{ from: [{ source: { namespaces: ['legacy'] } }] }],
        },
      ],
    ]);
    expect(
      secure([
        ...all,
        callers({ rules: [] }),
        mtls({ port: 9080, mode: 'INHERIT' }),
        mtls({ mode: 'INHERIT' }),
      ]).map(({ metadata }) => metadata.name),
    ).toEqual(['reviews-deny']);
  });
});

describe('intents on one route', () => {
  it('keep what the others set, whichever comes first', () => {
    const split: Intent = {
      type: 'shiftTraffic',
      params: { ...target, weights: weights(90) },
    };
    const shift: Intent = {
      type: 'shiftTraffic',
      params: { ...target, route, weights: weights(70) },
    };
    const [rule, virtualService] = carryOut([
      breaker,
      split,
      timeouts({ route }),
      shift,
    ]).sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(virtualService.spec).toEqual({
      hosts: ['reviews.catalog.svc.cluster.local'],
      http: [
        {
          route: [
            {
              destination: {
                host: 'reviews.catalog.svc.cluster.local',
                subset: 'v1',
              },
              weight: 70,
            },
            {
              destination: {
                host: 'reviews.catalog.svc.cluster.local',
                subset: 'v2',
              },
              weight: 30,
            },
          ],
          timeout: '5s',
          retries: { attempts: 0 },
        },
      ],
    });
    expect(rule.spec).toEqual({
      host: 'reviews.catalog.svc.cluster.local',
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 9 } } },
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    });
  });

  it('share out a route that another intent made', () => {
    const [, virtualService] = carryOut([
      timeouts({}),
      {
        type: 'shiftTraffic',
        params: {
          ...target,
          route,
          weights: [{ key: 'reviews', weight: 0 }, ...weights(80)],
        },
      },
    ]).sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(virtualService.spec).toMatchObject({
      http: [
        {
          route: [
            { destination: { host: 'reviews.catalog.svc.cluster.local' } },
            { destination: { subset: 'v1' }, weight: 80 },
            { destination: { subset: 'v2' }, weight: 20 },
          ],
          timeout: '5s',
          retries: { attempts: 0 },
        },
      ],
    });
  });

  it('test an arm that keeps what the others set, and move shares below it', () => {
    const objects = carryOut([
      { type: 'shiftTraffic', params: { ...target, weights: weights(90) } },
      timeouts({ route }),
      {
        type: 'abTest',
        params: {
          ...target,
          route,
          otherArms: 'keep',
          arms: [
            {
              who: [[{ by: 'header', name: 'x-beta', op: 'present' }]],
              version: 'v2',
            },
          ],
        },
      },
      {
        type: 'shiftTraffic',
        params: {
          ...target,
          route: { ...route, fieldPath: 'http[1]' },
          weights: weights(60),
        },
      },
    ]);
    const found = objects.find(({ kind }) => kind === 'VirtualService');
    expect(found?.spec).toMatchObject({
      http: [
        {
          match: [{ headers: { 'x-beta': {} } }],
          timeout: '5s',
          retries: { attempts: 0 },
          route: [{ destination: { subset: 'v2' } }],
        },
        {
          timeout: '5s',
          route: [
            { destination: { subset: 'v1' }, weight: 60 },
            { destination: { subset: 'v2' }, weight: 40 },
          ],
        },
      ],
    });
  });
});
