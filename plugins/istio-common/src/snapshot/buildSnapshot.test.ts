import { KIND_NAMES } from '../resources/kinds';
import { KubeObject } from '../resources/types';
import {
  deployment,
  kubeObject,
  namespace,
  NOW,
  pod,
  service,
  snapshotOf,
  virtualService,
} from '../testUtils';
import {
  buildSnapshot,
  withFreshness,
  withKind,
  withObjects,
} from './buildSnapshot';
import { readinessOf } from './readiness';
import { MeshSnapshot } from './types';

const REVIEWS = {
  kind: 'Deployment',
  namespace: 'catalog',
  name: 'reviews',
} as const;

const WORLD: KubeObject[] = [
  namespace({ name: 'catalog' }),
  service({ namespace: 'catalog', name: 'reviews' }),
  service({ namespace: 'catalog', name: 'all', selector: { tier: 'web' } }),
  service({ namespace: 'catalog', name: 'none', selector: {} }),
  service({ namespace: 'other', name: 'reviews' }),
  ...deployment({
    namespace: 'catalog',
    name: 'reviews',
    labels: { app: 'reviews', tier: 'web' },
    replicas: 2,
  }),
  ...deployment({ namespace: 'other', name: 'reviews' }),
  pod({ namespace: 'catalog', name: 'bare', labels: { app: 'reviews' } }),
];

function names(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name);
}

describe('buildSnapshot', () => {
  it('says pending of kinds nobody gave, and synced of the others', () => {
    const snapshot = buildSnapshot({
      cluster: 'prod-eu',
      asOf: NOW,
      objects: { Pod: [] },
      freshness: { Service: { state: 'notInstalled' } },
    });
    expect(snapshot.freshness.Pod).toEqual({ state: 'synced', asOf: NOW });
    expect(snapshot.freshness.Service.state).toBe('notInstalled');
    expect(
      KIND_NAMES.filter(kind => snapshot.freshness[kind].state === 'pending'),
    ).toHaveLength(KIND_NAMES.length - 2);
    expect(snapshot).toMatchObject({
      rootNamespace: 'istio-system',
      domain: 'cluster.local',
    });
  });

  it('finds objects by namespace and name', () => {
    const snapshot = snapshotOf(WORLD);
    expect(names(snapshot.inNamespace('Service', 'catalog'))).toEqual([
      'reviews',
      'all',
      'none',
    ]);
    expect(snapshot.inNamespace('Service', 'nowhere')).toEqual([]);
    expect(
      snapshot.get('Service', 'other', 'reviews')?.metadata.namespace,
    ).toBe('other');
    expect(snapshot.get('Namespace', undefined, 'catalog')).toBeDefined();
    expect(snapshot.get('Service', 'catalog', 'gone')).toBeUndefined();
  });

  it('finds pods by owner and by labels', () => {
    const snapshot = snapshotOf(WORLD);
    expect(snapshot.podsOf(REVIEWS)).toHaveLength(2);
    expect(snapshot.podsMatching('catalog', { app: 'reviews' })).toHaveLength(
      3,
    );
    expect(
      snapshot.podsMatching('catalog', { app: 'reviews', tier: 'web' }),
    ).toHaveLength(2);
    expect(snapshot.podsMatching('catalog', {})).toEqual([]);
    expect(
      snapshot.podsOf({ kind: 'Pod', namespace: 'catalog', name: 'bare' }),
    ).toHaveLength(1);
  });

  it('finds the Deployment of a pod whose ReplicaSet is unknown by its hash', () => {
    const snapshot = snapshotOf(
      WORLD.filter(({ kind }) => kind !== 'ReplicaSet'),
    );
    expect(snapshot.podsOf(REVIEWS)).toHaveLength(2);
  });

  it('does not take a ReplicaSet of something else for a Deployment', () => {
    const objects = WORLD.map(object =>
      object.kind === 'ReplicaSet'
        ? {
            ...object,
            metadata: { ...object.metadata, ownerReferences: undefined },
          }
        : object,
    );
    expect(snapshotOf(objects).podsOf(REVIEWS)).toEqual([]);
  });

  it('finds workloads by the labels of their pods, bare pods among them', () => {
    const snapshot = snapshotOf(WORLD);
    expect(snapshot.workloadsMatching('catalog', { app: 'reviews' })).toEqual([
      REVIEWS,
      { kind: 'Pod', namespace: 'catalog', name: 'bare' },
    ]);
    expect(snapshot.workloadsMatching('catalog', {})).toEqual([]);
    expect(snapshot.findWorkloads({ app: 'reviews' })).toHaveLength(3);
  });

  it('finds the Services that select a workload', () => {
    const snapshot = snapshotOf(WORLD);
    expect(names(snapshot.servicesOf(REVIEWS))).toEqual(['reviews', 'all']);
    expect(snapshot.servicesOf({ ...REVIEWS, name: 'gone' })).toEqual([]);
  });

  it('fills in what items of a list answer lack', () => {
    const {
      apiVersion: _a,
      kind: _k,
      ...item
    } = virtualService({
      namespace: 'a',
      name: 'b',
      spec: {},
    });
    const snapshot = buildSnapshot({
      cluster: 'prod-eu',
      asOf: NOW,
      objects: { VirtualService: [item as unknown as KubeObject] },
    });
    expect(snapshot.refOf(snapshot.list('VirtualService')[0])).toEqual({
      cluster: 'prod-eu',
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: 'a',
      name: 'b',
    });
  });
});

describe('withKind', () => {
  it('exchanges one kind and leaves the old snapshot as it was', () => {
    const before = snapshotOf(WORLD);
    before.workloadsMatching('catalog', { app: 'reviews' });
    const after = withKind(before, {
      kind: 'Deployment',
      objects: [],
      asOf: NOW + 5,
      freshness: { state: 'stale', asOf: NOW },
    });
    expect(after.workloadsMatching('catalog', { app: 'reviews' })).toEqual([
      { kind: 'Pod', namespace: 'catalog', name: 'bare' },
    ]);
    expect(
      before.workloadsMatching('catalog', { app: 'reviews' }),
    ).toHaveLength(2);
    expect(after.freshness.Deployment.state).toBe('stale');
    expect(after.freshness.Pod).toBe(before.freshness.Pod);
    expect(after.asOf).toBe(NOW + 5);
    expect(after.list('Pod')).toBe(before.list('Pod'));
  });

  it('shares the indexes of what did not change', () => {
    const before = snapshotOf(WORLD);
    const pods = before.podsOf(REVIEWS);
    const routed = withKind(before, {
      kind: 'VirtualService',
      objects: [],
      asOf: NOW,
    });
    expect(routed.podsOf(REVIEWS)).toBe(pods);
    const moved = withKind(before, {
      kind: 'Pod',
      objects: before.list('Pod').slice(1),
      asOf: NOW,
    });
    expect(moved.podsOf(REVIEWS)).toHaveLength(1);
    expect(
      withFreshness(before, {
        kind: 'Pod',
        freshness: { state: 'stale' },
      }).podsOf(REVIEWS),
    ).toBe(pods);
  });

  it('never goes back in time', () => {
    const before = snapshotOf(WORLD);
    expect(
      withKind(before, { kind: 'Pod', objects: [], asOf: NOW - 5 }).asOf,
    ).toBe(NOW);
  });

  it('takes another implementation of the interface', () => {
    const real = snapshotOf(WORLD);
    const foreign: MeshSnapshot = {
      ...real,
      cluster: 'x',
      asOf: NOW,
      rootNamespace: 'istio-system',
      domain: 'cluster.local',
      freshness: real.freshness,
      list: kind => real.list(kind),
    } as MeshSnapshot;
    const after = withKind(foreign, {
      kind: 'Service',
      objects: [],
      asOf: NOW,
    });
    expect(after.list('Pod')).toHaveLength(real.list('Pod').length);
    expect(after.list('Service')).toEqual([]);
  });
});

describe('withObjects', () => {
  const written = virtualService({
    namespace: 'catalog',
    name: 'reviews',
    spec: { hosts: ['reviews'] },
  });

  it('adds, replaces and removes', () => {
    const before = snapshotOf(WORLD);
    const added = withObjects(before, { replace: [written] });
    expect(added.get('VirtualService', 'catalog', 'reviews')).toBe(written);
    const replaced = withObjects(added, {
      replace: [{ ...written, spec: { hosts: ['other'] } }],
    });
    expect(replaced.list('VirtualService')).toHaveLength(1);
    expect(replaced.list('VirtualService')[0].spec).toEqual({
      hosts: ['other'],
    });
    const removed = withObjects(replaced, {
      replace: [],
      remove: [replaced.refOf(written)],
    });
    expect(removed.list('VirtualService')).toEqual([]);
    expect(before.list('VirtualService')).toEqual([]);
  });

  it('takes another version of the group for the same object', () => {
    const before = withObjects(snapshotOf(WORLD), { replace: [written] });
    const after = withObjects(before, {
      replace: [{ ...written, apiVersion: 'networking.istio.io/v1beta1' }],
    });
    expect(after.list('VirtualService')).toHaveLength(1);
  });

  it('ignores kinds the product does not read, and keeps freshness', () => {
    const before = snapshotOf(WORLD);
    const after = withObjects(before, {
      replace: [
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
        written,
      ],
    });
    expect(after.freshness).toEqual(before.freshness);
  });
});

describe('readinessOf', () => {
  it('counts pods, and trusts the controller where pods cannot be read', () => {
    const objects = deployment({
      namespace: 'catalog',
      name: 'reviews',
      replicas: 3,
      ready: 2,
    });
    const snapshot = snapshotOf(objects);
    expect(readinessOf(snapshot, REVIEWS)).toEqual({ ready: 2, desired: 3 });
    const lost = withKind(snapshot, {
      kind: 'Pod',
      objects: snapshot.list('Pod').slice(1),
      asOf: NOW,
    });
    expect(readinessOf(lost, REVIEWS)).toEqual({ ready: 1, desired: 3 });
    const blind = withKind(snapshot, {
      kind: 'Pod',
      objects: [],
      freshness: { state: 'failed' },
      asOf: NOW,
    });
    expect(readinessOf(blind, REVIEWS)).toEqual({ ready: 2, desired: 3 });
    expect(readinessOf(snapshot, { ...REVIEWS, name: 'gone' })).toEqual({
      ready: 0,
      desired: 0,
    });
  });

  it('does not count pods that go, nor the surplus of a rolling update', () => {
    const [first, replicaSet, one] = deployment({
      namespace: 'catalog',
      name: 'reviews',
    });
    const going = {
      ...one,
      metadata: {
        ...one.metadata,
        name: 'going',
        deletionTimestamp: '2026-07-14T14:00:00Z',
      },
    };
    const second = { ...one, metadata: { ...one.metadata, name: 'second' } };
    expect(
      readinessOf(snapshotOf([first, replicaSet, going]), REVIEWS),
    ).toEqual({ ready: 0, desired: 1 });
    expect(
      readinessOf(snapshotOf([first, replicaSet, one, second]), REVIEWS),
    ).toEqual({ ready: 1, desired: 1 });
  });

  it('goes by a DaemonSet’s status for what is wanted', () => {
    const daemon = kubeObject(
      'DaemonSet',
      { namespace: 'catalog', name: 'agent' },
      {
        spec: { template: { metadata: { labels: { app: 'agent' } } } },
        status: { desiredNumberScheduled: 3, numberReady: 2 },
      },
    );
    const blind = buildSnapshot({
      cluster: 'prod-eu',
      asOf: NOW,
      objects: { DaemonSet: [daemon] },
    });
    expect(
      readinessOf(blind, {
        kind: 'DaemonSet',
        namespace: 'catalog',
        name: 'agent',
      }),
    ).toEqual({ ready: 2, desired: 3 });
  });
});

describe('at scale', () => {
  it('indexes 4,000 pods and 1,000 Services in well under a second', () => {
    const objects: KubeObject[] = [];
    for (let index = 0; index < 1000; index++) {
      const at = { namespace: `ns-${index % 50}`, name: `svc-${index}` };
      objects.push(service(at), ...deployment({ ...at, replicas: 4 }));
    }
    const snapshot = snapshotOf(objects);
    const started = process.hrtime.bigint();
    let pods = 0;
    for (const { metadata } of snapshot.list('Deployment')) {
      const key = {
        kind: 'Deployment',
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      } as const;
      pods += snapshot.podsOf(key).length;
      expect(snapshot.servicesOf(key)).toHaveLength(1);
      expect(
        snapshot.workloadsMatching(key.namespace, { app: key.name }),
      ).toHaveLength(1);
    }
    expect(pods).toBe(4000);
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    expect(milliseconds).toBeLessThan(2000);
  });
});
