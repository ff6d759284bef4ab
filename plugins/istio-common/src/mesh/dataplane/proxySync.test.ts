import { matchWorkloads } from '../../entity/matchWorkloads';
import { deployment, namespace, NOW, pod, snapshotOf } from '../../testUtils';
import { findIstiodPods } from './findIstiodPods';
import { readSyncz } from './readSyncz';
import { resolveProxySync } from './resolveProxySync';
import type { ProxyStatusReading } from './types';

const TYPE = 'type.googleapis.com/envoy.config';
const ROUTES = `${TYPE}.route.v3.RouteConfiguration`;
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const unsyncedOf = (resources: Record<string, object>) =>
  readSyncz([{ proxy: 'a-1.shop', resources }], NOW)?.[0].unsynced;

describe('readSyncz', () => {
  it.each<[string, object, object[]]>([
    ['acknowledged', { sent: 'n', acked: 'n', sentTime: ago(99) }, []],
    ['never sent', { sentTime: '0001-01-01T00:00:00Z' }, []],
    ['on its way', { sent: 'n', acked: 'm', sentTime: ago(3) }, []],
    [
      'not acknowledged in time',
      { sent: 'n', acked: 'm', sentTime: ago(30) },
      [{ config: 'routes', state: 'notAcknowledged' }],
    ],
    [
      'sent at an unknown time',
      { sent: 'n' },
      [{ config: 'routes', state: 'notAcknowledged' }],
    ],
    [
      'refused',
      { sent: 'n', acked: 'm', sentTime: ago(1), lastError: 'no cluster' },
      [{ config: 'routes', state: 'refused', error: 'no cluster' }],
    ],
  ])('routes that are %s', (_, status, expected) => {
    expect(unsyncedOf({ [ROUTES]: status })).toEqual(expected);
  });

  it('knows pod and namespace, kinds without a word, and proxies without anything', () => {
    expect(
      readSyncz(
        [
          {
            proxy: 'web-0.eu.shop',
            resources: { 'x.y/istio.Thing': { sent: 'n' } },
          },
          { proxy: 'ztunnel-1.istio-system', resources: null },
        ],
        NOW,
      ),
    ).toEqual([
      {
        pod: 'web-0.eu',
        namespace: 'shop',
        unsynced: [{ config: 'Thing', state: 'notAcknowledged' }],
      },
      { pod: 'ztunnel-1', namespace: 'istio-system', unsynced: [] },
    ]);
  });

  it.each([undefined, 'login', {}, [{ name: 'x' }]])(
    'does not make anything of %j',
    answer => expect(readSyncz(answer, NOW)).toBeUndefined(),
  );
});

type Workload = Partial<Parameters<typeof deployment>[0]>;

function resolve(workload: Workload, ...readings: ProxyStatusReading[]) {
  const objects = deployment({
    namespace: 'shop',
    name: 'reviews',
    ...workload,
  });
  const snapshots = [
    snapshotOf([namespace({ name: 'shop', injected: true }), ...objects]),
  ];
  const match = matchWorkloads({
    claim: {
      entityRef: 'component:default/reviews',
      clusters: [],
      selector: { app: 'reviews' },
      selectorFrom: 'test',
      services: [],
    },
    snapshots,
    binding: { bindAll: true, namespaces: {} },
  });
  return resolveProxySync({ match, snapshots, readings });
}

const [FIRST, SECOND] = deployment({
  namespace: 'shop',
  name: 'reviews',
  replicas: 2,
})
  .filter(({ kind }) => kind === 'Pod')
  .map(({ metadata }) => metadata.name);

const { cluster } = snapshotOf([]);
const told = (
  proxies: Extract<ProxyStatusReading, { state: 'read' }>['proxies'],
): ProxyStatusReading => ({ cluster, state: 'read', asOf: NOW, proxies });
const synced = (name: string) => ({
  namespace: 'shop',
  pod: name,
  unsynced: [],
});

describe('resolveProxySync', () => {
  it('says that all are in sync, and since when it is known', () => {
    expect(
      resolve(
        { replicas: 2 },
        told([synced(FIRST), synced(SECOND), synced('other')]),
      ),
    ).toEqual({
      state: 'inSync',
      proxies: 2,
      outOfSync: [],
      asOf: ago(0),
      text: 'All 2 proxies run what istiod last sent them',
    });
  });

  it('names those that are not, what they lack, and those that istiod does not know', () => {
    const late = {
      ...synced(FIRST),
      unsynced: [
        { config: 'clusters', state: 'notAcknowledged' as const },
        { config: 'routes', state: 'refused' as const, error: 'no cluster' },
      ],
    };
    expect(resolve({ replicas: 2 }, told([late]))).toMatchObject({
      state: 'outOfSync',
      outOfSync: [
        {
          pod: FIRST,
          state: 'refused',
          configs: ['routes'],
          error: 'no cluster',
        },
        { pod: SECOND, state: 'notConnected', configs: [] },
      ],
      text: `2 of 2 proxies are out of sync with istiod: ${FIRST} refused routes; ${SECOND} is not connected to istiod`,
    });
  });

  it.each<[string, ProxyStatusReading[]]>([
    ['its istiod was not asked', []],
    [
      'no pod of istiod runs',
      [{ cluster, state: 'unknown', reason: 'no pod of istiod runs' }],
    ],
  ])('never takes silence for being in sync: %s', (why, readings) => {
    const sync = resolve({}, ...readings);
    expect(sync).toMatchObject({ state: 'unknown', outOfSync: [] });
    expect(sync?.asOf).toBeUndefined();
    expect(sync?.text).toContain(why);
  });

  it('asks nothing of pods without a proxy or that are not ready', () => {
    expect(resolve({ proxy: 'none' }, told([]))).toBeUndefined();
    expect(resolve({ ready: 0 }, told([]))).toBeUndefined();
  });
});

describe('findIstiodPods', () => {
  it('finds the ready replicas of every revision', () => {
    const istiod = (name: string, ready: boolean) =>
      pod({
        namespace: 'istio-system',
        name,
        labels: { app: 'istiod' },
        ready,
      });
    expect(
      findIstiodPods(
        snapshotOf([
          istiod('istiod-1', true),
          istiod('istiod-canary-1', true),
          istiod('istiod-2', false),
          pod({
            namespace: 'shop',
            name: 'istiod-3',
            labels: { app: 'istiod' },
          }),
        ]),
      ),
    ).toEqual([
      { namespace: 'istio-system', name: 'istiod-1' },
      { namespace: 'istio-system', name: 'istiod-canary-1' },
    ]);
  });
});
