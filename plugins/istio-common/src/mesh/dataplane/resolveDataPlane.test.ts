import { matchWorkloads } from '../../entity/matchWorkloads';
import { KubeObject } from '../../resources/types';
import { withKind } from '../../snapshot/buildSnapshot';
import {
  deployment,
  kubeObject,
  namespace,
  NOW,
  service,
  snapshotOf,
} from '../../testUtils';
import { resolveDataPlane } from './resolveDataPlane';

const BASE = { namespace: 'catalog', name: 'ratings' };

function resolve(objects: KubeObject[], unreadPods = false) {
  const read = snapshotOf(objects);
  const snapshot = unreadPods
    ? withKind(read, {
        kind: 'Pod',
        objects: [],
        freshness: { state: 'failed' },
        asOf: NOW,
      })
    : read;
  return resolveDataPlane({
    match: matchWorkloads({
      claim: {
        entityRef: 'component:default/ratings',
        clusters: [],
        selector: { app: 'ratings' },
        selectorFrom: 'test',
        services: [],
      },
      snapshots: [snapshot],
      binding: { bindAll: true, namespaces: {} },
    }),
    snapshots: [snapshot],
  });
}

const injected = namespace({ name: 'catalog', injected: true });
const ambient = namespace({
  name: 'catalog',
  labels: {
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'waypoint',
  },
});
const waypoint = (className: string) =>
  kubeObject(
    'KubernetesGateway',
    { namespace: 'catalog', name: 'waypoint' },
    { spec: { gatewayClassName: className } },
  );

describe('resolveDataPlane', () => {
  it.each<[string, KubeObject[], object]>([
    [
      'sidecars, newest version first by number',
      [
        injected,
        ...deployment({ ...BASE, proxyVersion: '1.9.0' }),
        ...deployment({
          ...BASE,
          name: 'ratings-v2',
          labels: { app: 'ratings' },
          proxyVersion: '1.31.0-distroless',
        }),
      ],
      {
        mode: 'sidecar',
        proxyVersions: ['1.31.0', '1.9.0'],
        podsWithProxy: 2,
        pods: 2,
        why: 'namespace label istio-injection=enabled',
      },
    ],
    [
      'a sidecar without a label',
      [namespace({ name: 'catalog' }), ...deployment(BASE)],
      { mode: 'sidecar', why: 'the pods hold a proxy container' },
    ],
    [
      'a revision label',
      [
        namespace({ name: 'catalog', labels: { 'istio.io/rev': 'canary' } }),
        ...deployment(BASE),
      ],
      { mode: 'sidecar', why: 'namespace label istio.io/rev=canary' },
    ],
    [
      'no proxy',
      [
        namespace({ name: 'catalog' }),
        ...deployment({ ...BASE, proxy: 'none' }),
      ],
      {
        mode: 'none',
        podsWithProxy: 0,
        pods: 1,
        why: 'no label asks for a proxy',
      },
    ],
    [
      'injection that did not happen',
      [injected, ...deployment({ ...BASE, proxy: 'none' })],
      {
        mode: 'none',
        why: 'namespace label istio-injection=enabled asks for a proxy, but pods run without one: they started before or injection failed',
      },
    ],
    [
      'some pods with, some without',
      [
        injected,
        ...deployment(BASE),
        ...deployment({
          ...BASE,
          name: 'ratings-v2',
          labels: { app: 'ratings' },
          proxy: 'none',
        }),
      ],
      { mode: 'mixed', podsWithProxy: 1, pods: 2 },
    ],
    [
      'ambient without a waypoint',
      [
        namespace({
          name: 'catalog',
          labels: { 'istio.io/dataplane-mode': 'ambient' },
        }),
        service(BASE),
        ...deployment({ ...BASE, proxy: 'ambient' }),
      ],
      {
        mode: 'ambient',
        why: 'namespace label istio.io/dataplane-mode=ambient',
        podsWithProxy: 1,
      },
    ],
    [
      'ambient with the namespace’s waypoint',
      [
        ambient,
        service(BASE),
        waypoint('istio-waypoint'),
        ...deployment({ ...BASE, proxy: 'ambient' }),
      ],
      { mode: 'waypoint', waypoint: 'catalog/waypoint' },
    ],
    [
      'a waypoint that is not there',
      [ambient, service(BASE), ...deployment({ ...BASE, proxy: 'ambient' })],
      { mode: 'ambient' },
    ],
    [
      'a gateway that is no waypoint',
      [
        ambient,
        service(BASE),
        waypoint('istio'),
        ...deployment({ ...BASE, proxy: 'ambient' }),
      ],
      { mode: 'ambient' },
    ],
    [
      'a Service that wants no waypoint',
      [
        ambient,
        service({ ...BASE, labels: { 'istio.io/use-waypoint': 'none' } }),
        waypoint('istio-waypoint'),
        ...deployment({ ...BASE, proxy: 'ambient' }),
      ],
      { mode: 'ambient' },
    ],
    [
      'ambient that is wished for only',
      [ambient, ...deployment({ ...BASE, proxy: 'none' })],
      {
        mode: 'none',
        why: 'namespace label istio.io/dataplane-mode=ambient asks for ambient mode, but pods are not captured',
      },
    ],
    [
      'a gateway',
      [
        namespace({ name: 'catalog' }),
        ...deployment({ ...BASE, proxy: 'gateway' }),
      ],
      { mode: 'gateway', why: 'the pods are a proxy themselves' },
    ],
    [
      'no pod',
      [injected, ...deployment({ ...BASE, replicas: 0 })],
      { mode: 'unknown', pods: 0, why: 'no pod runs' },
    ],
  ])('%s', (_, objects, expected) => {
    expect(resolve(objects)).toMatchObject(expected);
  });

  it('sets the versions of the proxies beside their control plane’s', () => {
    const istiod = (revision: string, version: string) =>
      kubeObject(
        'Deployment',
        {
          namespace: 'istio-system',
          name: `istiod-${revision}`,
          labels: { app: 'istiod', 'istio.io/rev': revision },
        },
        {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'discovery', image: `istio/pilot:${version}` },
                ],
              },
            },
          },
        },
      );
    const old = deployment({ ...BASE, proxyVersion: '1.27.3', replicas: 2 });
    const young = deployment({
      ...BASE,
      name: 'ratings-v2',
      labels: { app: 'ratings' },
      proxyVersion: '1.31.2',
    });
    const texts = (objects: KubeObject[]) =>
      resolve(objects).proxies.map(({ skew, text }) => `${skew}: ${text}`);
    expect(
      texts([injected, istiod('default', '1.31.0'), ...old, ...young]),
    ).toEqual([
      'tooFarBehind: proxy 1.27.3 in 2 pods of prod-eu, 4 minor versions behind the control plane 1.31.0 (revision default)',
      'same: proxy 1.31.2 in 1 pod of prod-eu, of the same minor version as the control plane 1.31.0 (revision default)',
    ]);
    expect(texts([injected, ...old])).toEqual([
      'unknown: proxy 1.27.3 in 2 pods of prod-eu, no control plane in this cluster to compare with',
    ]);
    expect(
      texts([injected, istiod('a', '1.31.0'), istiod('b', '1.27.0'), ...old]),
    ).toEqual([
      'unknown: proxy 1.27.3 in 2 pods of prod-eu, revision unknown, which no istiod has: a tag perhaps',
    ]);
  });

  it('says unknown where pods cannot be read', () => {
    expect(resolve([injected, ...deployment(BASE)], true)).toMatchObject({
      mode: 'unknown',
      why: 'pods of prod-eu could not be read',
    });
  });

  it('knows a native sidecar', () => {
    const [pod] = deployment({ ...BASE, proxy: 'none' }).filter(
      ({ kind }) => kind === 'Pod',
    );
    const native: KubeObject = {
      ...pod,
      spec: {
        ...pod.spec,
        initContainers: [
          {
            name: 'istio-proxy',
            restartPolicy: 'Always',
            image: 'registry.example:5000/proxyv2:1.31.0',
          },
        ],
      },
    };
    const objects = deployment({ ...BASE, proxy: 'none' }).filter(
      ({ kind }) => kind !== 'Pod',
    );
    expect(resolve([injected, ...objects, native])).toMatchObject({
      mode: 'sidecar',
      proxyVersions: ['1.31.0'],
    });
  });
});
