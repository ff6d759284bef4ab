/** A built-in kind the server serves: discovery data; the structure comes from schemas/kubernetes.ndjson. */
export interface CoreKind {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames?: string[];
  categories?: string[];
  /** Has a status subresource. */
  status?: boolean;
  /** The server counts generations for it. */
  generation?: boolean;
}

const all = ['all'];

function kind(
  group: string,
  name: string,
  options: Partial<Omit<CoreKind, 'group' | 'kind'>> = {},
): CoreKind {
  const singular = name.toLowerCase();
  return {
    group,
    version: 'v1',
    kind: name,
    plural: `${singular}s`,
    singular,
    namespaced: true,
    ...options,
  };
}

const workload = { status: true, generation: true, categories: all };
const clusterWide = { namespaced: false };
const RBAC = 'rbac.authorization.k8s.io';
const REGISTRATION = 'admissionregistration.k8s.io';

/** Kinds outside the CRDs. One line more, and a run of scripts/generateSchemas.ts, adds a kind. */
export const CORE_KINDS: CoreKind[] = [
  kind('', 'Namespace', { ...clusterWide, status: true, shortNames: ['ns'] }),
  kind('', 'Node', { ...clusterWide, status: true, shortNames: ['no'] }),
  kind('', 'Pod', { ...workload, shortNames: ['po'] }),
  kind('', 'Service', { status: true, categories: all, shortNames: ['svc'] }),
  kind('', 'ServiceAccount', { shortNames: ['sa'] }),
  kind('', 'ConfigMap', { shortNames: ['cm'] }),
  kind('', 'Secret'),
  kind('', 'Endpoints', { plural: 'endpoints', shortNames: ['ep'] }),
  kind('', 'Event', { shortNames: ['ev'] }),
  kind('', 'LimitRange', { shortNames: ['limits'] }),
  kind('', 'ResourceQuota', { status: true, shortNames: ['quota'] }),
  kind('apps', 'Deployment', { ...workload, shortNames: ['deploy'] }),
  kind('apps', 'ReplicaSet', { ...workload, shortNames: ['rs'] }),
  kind('apps', 'StatefulSet', { ...workload, shortNames: ['sts'] }),
  kind('apps', 'DaemonSet', { ...workload, shortNames: ['ds'] }),
  kind('autoscaling', 'HorizontalPodAutoscaler', {
    version: 'v2',
    status: true,
    categories: all,
    shortNames: ['hpa'],
  }),
  kind('batch', 'Job', workload),
  kind('batch', 'CronJob', { ...workload, shortNames: ['cj'] }),
  kind('discovery.k8s.io', 'EndpointSlice', { generation: true }),
  kind('networking.k8s.io', 'Ingress', {
    plural: 'ingresses',
    status: true,
    generation: true,
    shortNames: ['ing'],
  }),
  kind('networking.k8s.io', 'NetworkPolicy', {
    plural: 'networkpolicies',
    generation: true,
    shortNames: ['netpol'],
  }),
  kind('policy', 'PodDisruptionBudget', {
    status: true,
    generation: true,
    shortNames: ['pdb'],
  }),
  kind('coordination.k8s.io', 'Lease'),
  kind(RBAC, 'Role'),
  kind(RBAC, 'RoleBinding'),
  kind(RBAC, 'ClusterRole', clusterWide),
  kind(RBAC, 'ClusterRoleBinding', clusterWide),
  kind(REGISTRATION, 'ValidatingWebhookConfiguration', {
    ...clusterWide,
    generation: true,
  }),
  kind(REGISTRATION, 'MutatingWebhookConfiguration', {
    ...clusterWide,
    generation: true,
  }),
];
