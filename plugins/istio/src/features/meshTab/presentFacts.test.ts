import type {
  DataPlane,
  ProxySync,
} from '@istio-backstage/plugin-istio-common';
import { freshCluster, staleCluster } from '../../__testUtils__/fixtures';
import {
  explainDataPlane,
  missingMetrics,
  partitionClusters,
  presentDataPlane,
  presentProxySync,
} from './presentFacts';

const dataPlane = (more: Partial<DataPlane>): DataPlane => ({
  mode: 'sidecar',
  proxyVersions: ['1.31.0'],
  podsWithProxy: 6,
  pods: 6,
  proxies: [],
  why: 'namespace label istio-injection=enabled',
  ...more,
});

describe('presentFacts', () => {
  it.each<[ProxySync['state'], string]>([
    ['inSync', 'in sync with istiod'],
    ['outOfSync', '1 of 4 out of sync'],
    ['unknown', 'sync with istiod unknown'],
  ])('says in a few words that proxies are %s', (state, words) => {
    const pod = { cluster: 'a', namespace: 'b', pod: 'c', configs: [] };
    const outOfSync: ProxySync['outOfSync'] =
      state === 'outOfSync' ? [{ ...pod, state: 'notConnected' }] : [];
    expect(presentProxySync({ state, outOfSync, proxies: 4, text: '' })).toBe(
      words,
    );
  });

  it('explains the injection and the versions', () => {
    const text = 'proxy 1.27.3 in 1 pod of a, 4 minor versions behind';
    const proxies: DataPlane['proxies'] = [
      { cluster: 'a', pods: 1, skew: 'tooFarBehind', text },
    ];
    expect(explainDataPlane(dataPlane({ proxies }))).toBe(
      'Namespace label istio-injection=enabled. Proxy 1.27.3 in 1 pod of a, 4 minor versions behind.',
    );
  });

  it.each([
    [{}, 'Sidecar 1.31.0', '6 of 6 pods with proxy'],
    [
      { mode: 'waypoint', proxyVersions: [], waypoint: 'insights' },
      'Ambient with waypoint',
      'waypoint insights',
    ],
    [{ mode: 'ambient', proxyVersions: [] }, 'Ambient', 'no waypoint'],
    [
      { mode: 'none', proxyVersions: [], podsWithProxy: 0 },
      'Outside the mesh',
      '0 of 6 pods with proxy',
    ],
    [
      { proxyVersions: ['1.31.0', '1.30.2', '1.29.0'] },
      'Sidecar 1.31.0, 1.30.2 and older',
      '6 of 6 pods with proxy',
    ],
    [
      {
        proxies: [
          { cluster: 'a', pods: 1, skew: 'tooFarBehind', text: 'too old' },
        ],
      },
      'Sidecar 1.31.0',
      '6 of 6 pods with proxy, some too old',
    ],
  ] as [Partial<DataPlane>, string, string][])(
    'words the data plane %j',
    (more, value, note) => {
      expect(presentDataPlane(dataPlane(more))).toEqual({ value, note });
    },
  );

  it('keeps a stale cluster apart', () => {
    const { fresh, others } = partitionClusters([freshCluster, staleCluster]);
    expect(fresh).toEqual([freshCluster]);
    expect(others).toEqual([staleCluster]);
  });

  it('says which metrics are missing and why', () => {
    expect(missingMetrics([freshCluster, staleCluster])).toEqual([
      { cluster: 'staging', why: 'no answer' },
    ]);
  });

  it('names a cluster whose metrics come and are not counted', () => {
    expect(
      missingMetrics(
        [freshCluster, { ...freshCluster, name: 'prod-us' }],
        [{ cluster: 'prod-us' }],
      ),
    ).toEqual([{ cluster: 'prod-us', why: 'left out' }]);
  });
});
