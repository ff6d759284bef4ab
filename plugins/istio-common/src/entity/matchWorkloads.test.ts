import { KubeObject } from '../resources/types';
import { buildSnapshot } from '../snapshot/buildSnapshot';
import {
  deployment,
  kubeObject,
  namespace,
  NOW,
  pod,
  service,
  snapshotOf,
} from '../testUtils';
import { NamespaceBinding } from './judgeBinding';
import { matchWorkloads } from './matchWorkloads';
import { ClaimingEntity, parseMeshClaim } from './parseMeshClaim';
import { entityMatchSchema } from './types';

const OPEN: NamespaceBinding = { bindAll: true, namespaces: {} };
const CLOSED: NamespaceBinding = { bindAll: false, namespaces: {} };

function entity(
  annotations: Record<string, string>,
  owner: string | undefined = 'catalog-team',
): ClaimingEntity {
  return {
    kind: 'Component',
    metadata: { name: 'reviews', annotations },
    ...(owner ? { spec: { owner } } : {}),
  };
}

const SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';

const WORLD: KubeObject[] = [
  namespace({ name: 'catalog' }),
  namespace({ name: 'storefront' }),
  service({
    namespace: 'catalog',
    name: 'reviews',
    ports: [{ name: 'http-web', port: 80, targetPort: 'web' }],
  }),
  service({ namespace: 'catalog', name: 'ratings' }),
  ...deployment({
    namespace: 'catalog',
    name: 'reviews-v1',
    labels: { app: 'reviews', version: 'v1' },
    replicas: 3,
    ready: 2,
    ports: [{ containerPort: 9080, name: 'web' }],
    serviceAccount: 'bookinfo-reviews',
  }),
  ...deployment({ namespace: 'catalog', name: 'ratings' }),
  ...deployment({
    namespace: 'storefront',
    name: 'reviews-copy',
    labels: { app: 'reviews' },
  }),
];

function match(options: {
  annotations: Record<string, string>;
  owner?: string;
  binding?: NamespaceBinding;
  objects?: KubeObject[];
}) {
  const { annotations, owner, binding = OPEN, objects = WORLD } = options;
  const result = matchWorkloads({
    claim: parseMeshClaim(entity(annotations, owner)),
    snapshots: [snapshotOf(objects)],
    binding,
  });
  expect(entityMatchSchema.parse(result)).toEqual(result);
  return result;
}

function annotate(name: string, owner: string): KubeObject[] {
  return WORLD.map(object =>
    object.kind === 'Namespace' && object.metadata.name === name
      ? {
          ...object,
          metadata: {
            ...object.metadata,
            annotations: { 'istio-portal.dev/owner': owner },
          },
        }
      : object,
  );
}

describe('parseMeshClaim', () => {
  it.each([
    ['nothing', {}, undefined],
    ['only a namespace', { [NAMESPACE]: 'catalog' }, undefined],
    [
      'the id of the Kubernetes plugin',
      { 'backstage.io/kubernetes-id': 'reviews' },
      {
        selector: { 'backstage.io/kubernetes-id': 'reviews' },
        selectorFrom: 'backstage.io/kubernetes-id',
      },
    ],
    [
      'a selector beats the id',
      {
        'backstage.io/kubernetes-id': 'x',
        [SELECTOR]: 'app=reviews,tier==web',
      },
      { selector: { app: 'reviews', tier: 'web' }, selectorFrom: SELECTOR },
    ],
    [
      'our own annotations beat the portal’s',
      {
        [SELECTOR]: 'app=x',
        [NAMESPACE]: 'x',
        'backstage.io/kubernetes-cluster': 'x',
        'istio-portal.dev/selector': 'app=reviews',
        'istio-portal.dev/namespace': 'catalog',
        'istio-portal.dev/clusters': 'prod-eu, prod-us',
      },
      {
        selector: { app: 'reviews' },
        namespace: 'catalog',
        clusters: ['prod-eu', 'prod-us'],
        selectorFrom: 'istio-portal.dev/selector',
      },
    ],
    [
      'a set of one is an equality',
      { [SELECTOR]: 'app in (reviews)' },
      { selector: { app: 'reviews' } },
    ],
    [
      'terms that cannot be held are problems, not dropped',
      { [SELECTOR]: 'app=reviews,tier notin (a,b),!canary' },
      {
        selector: { app: 'reviews' },
        problems: [
          expect.stringContaining('"tier notin (a,b)"'),
          expect.stringContaining('"!canary"'),
        ],
      },
    ],
    [
      'a service alone',
      { 'istio-portal.dev/service': 'reviews' },
      { selector: {}, services: ['reviews'] },
    ],
  ])('%s', (_, annotations, expected) => {
    const claim = parseMeshClaim(entity(annotations as Record<string, string>));
    expect(claim === undefined ? {} : { claim }).toMatchObject(
      expected === undefined ? {} : { claim: expected },
    );
    expect(claim === undefined).toBe(expected === undefined);
  });

  it.each([
    ['catalog-team', undefined, 'group:default/catalog-team'],
    ['user:dan', undefined, 'user:default/dan'],
    ['Group:Other/Team', undefined, 'group:other/team'],
    ['catalog-team', 'group:default/real', 'group:default/real'],
    ['not a ref', undefined, undefined],
  ])('owner %s', (owner, related, expected) => {
    expect(
      parseMeshClaim({
        ...entity({ [SELECTOR]: 'app=reviews' }, owner),
        ...(related
          ? { relations: [{ type: 'ownedBy', targetRef: related }] }
          : {}),
      })?.ownerRef,
    ).toBe(expected);
  });
});

describe('matchWorkloads', () => {
  it('says why a workload and its Service belong to the entity', () => {
    expect(
      match({
        annotations: { [SELECTOR]: 'app=reviews', [NAMESPACE]: 'catalog' },
      }),
    ).toMatchObject({
      workloads: [
        {
          cluster: 'prod-eu',
          namespace: 'catalog',
          kind: 'Deployment',
          name: 'reviews-v1',
          version: 'v1',
          serviceAccount: 'bookinfo-reviews',
          podsReady: 2,
          podsDesired: 3,
          why: `label app=reviews from annotation ${SELECTOR}`,
        },
      ],
      services: [
        {
          name: 'reviews',
          host: 'reviews.catalog.svc.cluster.local',
          ports: [
            { port: 80, targetPort: 9080, name: 'http-web', protocol: 'http' },
          ],
          why: 'selects Deployment reviews-v1',
        },
      ],
      nearMisses: [],
    });
  });

  it('looks in all namespaces when the claim names none', () => {
    expect(
      match({ annotations: { [SELECTOR]: 'app=reviews' } }).workloads.map(
        ({ namespace: ns, name }) => `${ns}/${name}`,
      ),
    ).toEqual(['catalog/reviews-v1', 'storefront/reviews-copy']);
  });

  it('takes a label of the Deployment itself where its pods have none', () => {
    const [first, ...rest] = deployment({ namespace: 'catalog', name: 'x' });
    const labelled = {
      ...first,
      metadata: {
        ...first.metadata,
        labels: { 'backstage.io/kubernetes-id': 'reviews' },
      },
    };
    expect(
      match({
        annotations: { 'backstage.io/kubernetes-id': 'reviews' },
        objects: [namespace({ name: 'catalog' }), labelled, ...rest],
      }).workloads,
    ).toMatchObject([
      {
        name: 'x',
        why: 'label backstage.io/kubernetes-id=reviews of the Deployment from annotation backstage.io/kubernetes-id',
      },
    ]);
  });

  it('finds workloads through a Service named by annotation', () => {
    const result = match({
      annotations: {
        'istio-portal.dev/service': 'ratings',
        [NAMESPACE]: 'catalog',
      },
    });
    expect(result.workloads).toMatchObject([
      {
        name: 'ratings',
        why: 'selected by Service ratings, named by annotation istio-portal.dev/service',
      },
    ]);
    expect(result.services).toMatchObject([{ name: 'ratings' }]);
  });

  it('takes a pod that nothing controls for a workload', () => {
    expect(
      match({
        annotations: { [SELECTOR]: 'app=job' },
        objects: [
          namespace({ name: 'catalog' }),
          pod({ namespace: 'catalog', name: 'job-1', labels: { app: 'job' } }),
        ],
      }).workloads,
    ).toMatchObject([{ kind: 'Pod', name: 'job-1', podsReady: 1 }]);
  });

  it('only looks in the clusters of the claim', () => {
    const claim = parseMeshClaim(
      entity({
        [SELECTOR]: 'app=reviews',
        'istio-portal.dev/clusters': 'prod-us',
      }),
    );
    const snapshots = ['prod-eu', 'prod-us'].map(cluster =>
      snapshotOf(WORLD, { cluster }),
    );
    expect(
      matchWorkloads({ claim, snapshots, binding: OPEN }).workloads.map(
        ({ cluster }) => cluster,
      ),
    ).toEqual(['prod-us', 'prod-us']);
    expect(
      matchWorkloads({ claim, snapshots: [snapshots[0]], binding: OPEN }).empty,
    ).toMatchObject({
      title: 'The clusters this component names are not here',
      explanation: 'It asks for prod-us. Read so far: prod-eu.',
    });
  });

  describe('binding', () => {
    const annotations = { [SELECTOR]: 'app=reviews', [NAMESPACE]: 'catalog' };
    const refused = (result: ReturnType<typeof match>) => {
      expect(result.workloads).toEqual([]);
      expect(result.services).toEqual([]);
      return result;
    };

    it.each<[string, NamespaceBinding, string | undefined, KubeObject[]]>([
      [
        'configuration names the owner',
        {
          bindAll: false,
          namespaces: { catalog: ['group:default/catalog-team'] },
        },
        'catalog-team',
        WORLD,
      ],
      [
        'configuration names the owner in short form',
        { bindAll: false, namespaces: { catalog: ['catalog-team'] } },
        'catalog-team',
        WORLD,
      ],
      [
        'the namespace names the owner',
        CLOSED,
        'catalog-team',
        annotate('catalog', 'catalog-team'),
      ],
      [
        'the namespace names several owners',
        CLOSED,
        'catalog-team',
        annotate('catalog', 'group:default/other, Group:Default/Catalog-Team'),
      ],
      ['everything is open', OPEN, undefined, WORLD],
    ])('shows: %s', (_, binding, owner, objects) => {
      expect(
        match({ annotations, binding, owner, objects }).workloads,
      ).toHaveLength(1);
    });

    it.each<
      [string, NamespaceBinding, string | undefined, KubeObject[], string]
    >([
      [
        'nobody is bound and nothing is open',
        CLOSED,
        'catalog-team',
        WORLD,
        'namespace catalog is bound to no owner',
      ],
      [
        'configuration names another owner, however open',
        { bindAll: true, namespaces: { catalog: ['group:default/other'] } },
        'catalog-team',
        WORLD,
        'namespace is bound to group:default/other',
      ],
      [
        'the namespace names another owner, however open',
        OPEN,
        'catalog-team',
        annotate('catalog', 'group:default/other'),
        'namespace is bound to group:default/other',
      ],
      [
        'the namespace names nobody that can be read, however open',
        OPEN,
        'catalog-team',
        annotate('catalog', '???/:'),
        'namespace is bound to another owner',
      ],
      [
        'a user of the same name is not the group',
        CLOSED,
        'user:default/catalog-team',
        annotate('catalog', 'catalog-team'),
        'namespace is bound to group:default/catalog-team',
      ],
    ])('refuses: %s', (_, binding, owner, objects, whyNot) => {
      expect(
        refused(match({ annotations, binding, owner, objects })).nearMisses,
      ).toEqual([
        {
          cluster: 'prod-eu',
          namespace: 'catalog',
          kind: 'Namespace',
          name: 'catalog',
          whyNot,
        },
      ]);
    });

    it('is closed while the namespaces cannot be read', () => {
      const claim = parseMeshClaim(entity(annotations));
      const snapshot = buildSnapshot({
        cluster: 'prod-eu',
        asOf: NOW,
        objects: {
          Deployment: WORLD.filter(({ kind }) => kind === 'Deployment'),
        },
      });
      expect(
        matchWorkloads({ claim, snapshots: [snapshot], binding: OPEN }),
      ).toMatchObject({
        workloads: [],
        nearMisses: [
          {
            whyNot:
              'the owner of namespace catalog is unknown: namespaces of prod-eu could not be read',
          },
        ],
      });
      expect(
        matchWorkloads({
          claim,
          snapshots: [snapshot],
          binding: {
            bindAll: false,
            namespaces: { catalog: ['catalog-team'] },
          },
        }).workloads,
      ).toHaveLength(1);
    });

    it('does not fall for names of an object’s prototype', () => {
      expect(
        match({
          annotations: { [SELECTOR]: 'app=x' },
          binding: CLOSED,
          objects: [
            namespace({ name: 'constructor' }),
            ...deployment({ namespace: 'constructor', name: 'x' }),
          ],
        }).nearMisses,
      ).toMatchObject([
        { whyNot: 'namespace constructor is bound to no owner' },
      ]);
    });

    it('refuses a Service of a foreign namespace too, and teaches the fix', () => {
      const result = refused(
        match({
          annotations: {
            'istio-portal.dev/service': 'reviews',
            [NAMESPACE]: 'catalog',
          },
          binding: OPEN,
          objects: annotate('catalog', 'group:default/other'),
        }),
      );
      expect(result.empty).toMatchObject({
        title: "Namespace catalog is not bound to this component's owner",
        fix: 'kubectl annotate namespace catalog --overwrite istio-portal.dev/owner=group:default/other,group:default/catalog-team',
      });
    });
  });

  describe('near misses', () => {
    it.each([
      ['reviewz', 'label app is `reviews`, the entity asks for `reviewz`'],
      ['Reviews', 'label app is `reviews`, the entity asks for `Reviews`'],
      ['review', 'label app is `reviews`, the entity asks for `review`'],
    ])('a slip in the value: %s', (value, whyNot) => {
      const result = match({
        annotations: { [SELECTOR]: `app=${value}`, [NAMESPACE]: 'catalog' },
      });
      expect(result.nearMisses).toMatchObject([{ name: 'reviews-v1', whyNot }]);
      expect(result.empty).toMatchObject({
        title: `No workload carries app=${value}`,
        fix: 'kubectl get deployments,statefulsets,daemonsets --namespace catalog --show-labels',
      });
    });

    it('the wrong namespace', () => {
      expect(
        match({
          annotations: { [SELECTOR]: 'app=ratings', [NAMESPACE]: 'storefront' },
        }).nearMisses,
      ).toEqual([
        {
          cluster: 'prod-eu',
          namespace: 'catalog',
          kind: 'Deployment',
          name: 'ratings',
          whyNot: 'namespace is `catalog`, the entity asks for `storefront`',
        },
      ]);
    });

    it('nothing similar', () => {
      expect(
        match({ annotations: { [SELECTOR]: 'app=billing' } }).nearMisses,
      ).toEqual([]);
    });

    it('says nothing of namespaces that belong to others', () => {
      expect(
        match({
          annotations: { [SELECTOR]: 'app=ratings', [NAMESPACE]: 'storefront' },
          objects: annotate('catalog', 'group:default/other'),
        }).nearMisses,
      ).toEqual([]);
    });
  });

  it('teaches what is missing', () => {
    expect(match({ annotations: {} }).empty).toMatchObject({
      title: 'This component is not linked to the mesh yet',
      fix: expect.stringContaining(`${SELECTOR}: app=`),
    });
    expect(
      match({ annotations: { [SELECTOR]: 'app notin (x)' } }).empty,
    ).toMatchObject({ title: 'The label selector cannot be used' });
    const claim = parseMeshClaim(entity({ [SELECTOR]: 'app=reviews' }));
    expect(
      matchWorkloads({ claim, snapshots: [], binding: OPEN }).empty?.title,
    ).toBe('No cluster has answered yet');
    expect(
      matchWorkloads({
        claim,
        snapshots: [
          buildSnapshot({
            cluster: 'prod-eu',
            asOf: NOW,
            objects: { Namespace: [] },
          }),
        ],
        binding: OPEN,
      }).empty?.explanation,
    ).toContain('Not up to date: Deployments of prod-eu');
  });

  it('ignores an object without labels or spec', () => {
    expect(
      match({
        annotations: { [SELECTOR]: 'app=x' },
        objects: [kubeObject('Deployment', { namespace: 'a', name: 'b' })],
      }).workloads,
    ).toEqual([]);
  });
});
