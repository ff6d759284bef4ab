import type { KubeObject } from '@istio-backstage/plugin-istio-common';

const RBAC = 'rbac.authorization.k8s.io/v1';
const HOST = 'reviews.catalog.svc.cluster.local';

/** Reviews in three versions, split 80/20/0 by a hand-written VirtualService, and who may change it. */
export function shopObjects(): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'catalog', labels: { 'istio-injection': 'enabled' } },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
    service('reviews'),
    service('ratings'),
    ...['v1', 'v2', 'v3'].flatMap(version => workload('reviews', version)),
    ...workload('ratings', 'v1'),
    reviewsRule(),
    reviewsRoute(),
    ...access(),
  ];
}

/** As a person wrote it: a header that the form does not know, labels, annotations and two routes. */
function reviewsRoute(): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'reviews',
      namespace: 'catalog',
      labels: { team: 'catalog' },
      annotations: {
        'shop.example/runbook': 'https://runbooks.example/reviews',
      },
    },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          name: 'primary',
          headers: { response: { add: { 'x-reviews': 'split' } } },
          retries: { attempts: 3, perTryTimeout: '2s' },
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 80 },
            { destination: { host: 'reviews', subset: 'v2' }, weight: 20 },
            { destination: { host: 'reviews', subset: 'v3' }, weight: 0 },
          ],
        },
      ],
    },
  };
}

function reviewsRule(): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'reviews', namespace: 'catalog' },
    spec: {
      host: HOST,
      subsets: ['v1', 'v2', 'v3'].map(version => ({
        name: version,
        labels: { version },
      })),
    },
  };
}

function service(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'catalog' },
    spec: {
      selector: { app: name },
      ports: [{ name: 'http', port: 9080, targetPort: 9080 }],
    },
  };
}

function workload(app: string, version: string): KubeObject[] {
  const labels = { app, version };
  const podSpec = {
    containers: [{ name: 'app', image: `shop/${app}:${version}` }],
  };
  const name = `${app}-${version}`;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'catalog', labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec },
      },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-0`, namespace: 'catalog', labels },
      spec: podSpec,
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    },
  ];
}

/** The portal reads and impersonates; catalog-team writes in its namespace; viewers write nothing. */
function access(): KubeObject[] {
  const editors = { name: 'mesh-editor', namespace: 'catalog' };
  return [
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: 'istio-portal' },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
        {
          apiGroups: [''],
          resources: ['users', 'groups'],
          verbs: ['impersonate'],
        },
      ],
    },
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'istio-portal' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'istio-portal',
      },
      subjects: [
        {
          kind: 'User',
          apiGroup: 'rbac.authorization.k8s.io',
          name: 'portal',
        },
      ],
    },
    {
      apiVersion: RBAC,
      kind: 'Role',
      metadata: editors,
      rules: [
        {
          apiGroups: ['networking.istio.io', 'gateway.networking.k8s.io'],
          resources: ['*'],
          verbs: ['*'],
        },
      ],
    },
    {
      apiVersion: RBAC,
      kind: 'RoleBinding',
      metadata: editors,
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Role',
        name: 'mesh-editor',
      },
      subjects: [
        {
          kind: 'Group',
          apiGroup: 'rbac.authorization.k8s.io',
          name: 'catalog-team',
        },
      ],
    },
  ];
}
