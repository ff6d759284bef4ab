import { kubeObject } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { planChange } from './planChange';

const rule = (subsets: string[]) =>
  kubeObject(
    'DestinationRule',
    { namespace: 'catalog', name: 'reviews', resourceVersion: '7' },
    {
      spec: {
        host: 'reviews',
        subsets: subsets.map(name => ({ name, labels: { version: name } })),
      },
    },
  );

const route = (weights: Record<string, number>, extra = {}) =>
  kubeObject(
    'VirtualService',
    {
      namespace: 'catalog',
      name: 'reviews',
      uid: 'vs-uid',
      resourceVersion: '42',
      managedFields: [
        {
          manager: 'kubectl-edit',
          operation: 'Update',
          fieldsV1: { 'f:spec': { 'f:http': {} } },
        },
        {
          manager: 'labeller',
          fieldsV1: { 'f:metadata': { 'f:labels': { 'f:team': {} } } },
        },
        {
          manager: 'istiod',
          subresource: 'status',
          fieldsV1: { 'f:spec': {} },
        },
      ],
      ...extra,
    },
    {
      spec: {
        hosts: ['reviews'],
        http: [
          {
            route: Object.entries(weights).map(([subset, weight]) => ({
              destination: { host: 'reviews', subset },
              weight,
            })),
          },
        ],
      },
    },
  );

const planOf = (options: {
  present: Parameters<typeof snapshotOf>[0];
  desired: ReturnType<typeof rule>[];
  removed?: ReturnType<typeof rule>[];
}) => {
  const snapshot = snapshotOf(options.present, { cluster: 'prod-eu' });
  return planChange({
    compiled: [
      {
        snapshot,
        desired: options.desired,
        removed: (options.removed ?? []).map(object => snapshot.refOf(object)),
      },
    ],
  });
};

const order = (plan: ReturnType<typeof planOf>) =>
  plan.operations.map(({ action, object }) => `${action} ${object.kind}`);

describe('planChange', () => {
  it('guards an edit by identity, version and old values', () => {
    const plan = planOf({
      present: [route({ v1: 80, v2: 20 })],
      desired: [route({ v1: 70, v2: 30 })],
    });
    expect(plan.operations).toEqual([
      expect.objectContaining({
        index: 0,
        action: 'patch',
        object: {
          cluster: 'prod-eu',
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace: 'catalog',
          name: 'reviews',
        },
        base: {
          uid: 'vs-uid',
          resourceVersion: '42',
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        patch: [
          { op: 'test', path: '/metadata/uid', value: 'vs-uid' },
          { op: 'test', path: '/metadata/resourceVersion', value: '42' },
          { op: 'test', path: '/spec/http/0/route/0/weight', value: 80 },
          { op: 'test', path: '/spec/http/0/route/1/weight', value: 20 },
          { op: 'replace', path: '/spec/http/0/route/0/weight', value: 70 },
          { op: 'replace', path: '/spec/http/0/route/1/weight', value: 30 },
        ],
        fieldManagers: ['kubectl-edit'],
      }),
    ]);
    expect(plan.operations[0].before).not.toHaveProperty('metadata.uid');
  });

  it('has nothing to do for what is so already', () => {
    const plan = planOf({
      present: [route({ v1: 80, v2: 20 })],
      desired: [
        route({ v1: 80, v2: 20 }, { uid: 'other', resourceVersion: '1' }),
      ],
    });
    expect(plan.operations).toEqual([]);
  });

  it('neither removes nor tests its own bookkeeping', () => {
    const annotations = { 'istio-portal.dev/change-id': '01J' };
    const [{ patch }] = planOf({
      present: [route({ v1: 80, v2: 20 }, { annotations, labels: {} })],
      desired: [route({ v1: 80, v2: 20 }, { annotations: { note: 'x' } })],
    }).operations;
    expect(patch?.slice(2)).toEqual([
      { op: 'add', path: '/metadata/annotations/note', value: 'x' },
    ]);
  });

  it('creates the subset before the route that uses it', () => {
    expect(
      order(
        planOf({ present: [], desired: [route({ v1: 100 }), rule(['v1'])] }),
      ),
    ).toEqual(['create DestinationRule', 'create VirtualService']);
  });

  it('takes a subset away after the route left it', () => {
    expect(
      order(
        planOf({
          present: [route({ v1: 50, v2: 50 }), rule(['v1', 'v2'])],
          desired: [rule(['v1']), route({ v1: 100 })],
        }),
      ),
    ).toEqual(['patch VirtualService', 'patch DestinationRule']);
    expect(
      order(
        planOf({
          present: [route({ v1: 100 }), rule(['v1'])],
          desired: [],
          removed: [rule(['v1']), route({ v1: 100 })],
        }),
      ),
    ).toEqual(['delete VirtualService', 'delete DestinationRule']);
  });

  it('hashes what is sent: base, paths and values count, server fields of the wish do not', () => {
    const hash = (present: ReturnType<typeof route>, wish: number) =>
      planOf({
        present: [present],
        desired: [route({ v1: 100 - wish, v2: wish }, { generation: 9 })],
      }).hash;
    const base = route({ v1: 80, v2: 20 });
    expect(hash(base, 30)).toBe(hash(route({ v1: 80, v2: 20 }), 30));
    expect(hash(base, 30)).not.toBe(hash(base, 31));
    expect(hash(base, 30)).not.toBe(
      hash(route({ v1: 80, v2: 20 }, { resourceVersion: '43' }), 30),
    );
  });

  it('refuses to edit what did not come from a cluster', () => {
    expect(() =>
      planOf({
        present: [route({ v1: 80 }, { uid: undefined })],
        desired: [route({ v1: 70 })],
      }),
    ).toThrow(
      'VirtualService reviews has no uid or resourceVersion: it did not come from an API server and cannot be edited',
    );
  });
});
