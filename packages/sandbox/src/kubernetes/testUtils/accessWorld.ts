import type { KubeObject } from '../types';

const RBAC = 'rbac.authorization.k8s.io';

function role(
  kind: 'Role' | 'ClusterRole',
  metadata: { name: string; namespace?: string },
  rules: unknown[],
): KubeObject {
  return { apiVersion: `${RBAC}/v1`, kind, metadata, rules };
}

function binding(
  metadata: { name: string; namespace?: string },
  roleRef: { kind: string; name: string },
  subjects: { kind: string; name: string; namespace?: string }[],
): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: metadata.namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, ...roleRef },
    subjects,
  };
}

export const ROUTE: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    hosts: ['reviews'],
    http: [{ route: [{ destination: { host: 'reviews' } }] }],
  },
};

/** As in the demo: teams edit in their namespaces, the portal reads and impersonates named people and groups. */
export const ACCESS_WORLD: KubeObject[] = [
  role('ClusterRole', { name: 'mesh-editor' }, [
    {
      apiGroups: ['networking.istio.io'],
      resources: ['virtualservices'],
      verbs: ['*'],
    },
  ]),
  binding(
    { name: 'team', namespace: 'catalog' },
    { kind: 'ClusterRole', name: 'mesh-editor' },
    [{ kind: 'Group', name: 'catalog-team' }],
  ),
  role('ClusterRole', { name: 'portal' }, [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    {
      apiGroups: [''],
      resources: ['users'],
      verbs: ['impersonate'],
      resourceNames: ['mira.kovac', 'vera.lind'],
    },
    {
      apiGroups: [''],
      resources: ['groups'],
      verbs: ['impersonate'],
      resourceNames: ['catalog-team', 'viewers'],
    },
    {
      apiGroups: ['authentication.k8s.io'],
      resources: ['userextras/change-id'],
      verbs: ['impersonate'],
    },
    {
      apiGroups: ['authentication.k8s.io'],
      resources: ['uids'],
      verbs: ['impersonate'],
      resourceNames: ['u-1'],
    },
  ]),
  binding({ name: 'portal' }, { kind: 'ClusterRole', name: 'portal' }, [
    { kind: 'User', name: 'portal' },
  ]),
  role('Role', { name: 'one-name', namespace: 'payments' }, [
    {
      apiGroups: [''],
      resources: ['configmaps'],
      verbs: ['get', 'list'],
      resourceNames: ['only'],
    },
    { apiGroups: ['apps'], resources: ['*/status'], verbs: ['get'] },
  ]),
  binding(
    { name: 'vera', namespace: 'payments' },
    { kind: 'Role', name: 'one-name' },
    [{ kind: 'User', name: 'vera.lind' }],
  ),
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'payments' },
  },
  binding(
    { name: 'robot', namespace: 'payments' },
    { kind: 'Role', name: 'one-name' },
    [{ kind: 'ServiceAccount', name: 'robot' }],
  ),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'only', namespace: 'payments' },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'other', namespace: 'payments' },
  },
  ROUTE,
];
