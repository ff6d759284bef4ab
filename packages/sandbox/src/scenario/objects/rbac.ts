import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { Scenario } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';

/** The portal's service account in the demo's clusters. */
export const PORTAL_ACCOUNT = { namespace: 'backstage', name: 'istio-portal' };

const ROUTING_GROUPS = ['networking.istio.io', 'gateway.networking.k8s.io'];
const EDITING = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** istiod tells which proxies are in sync only who comes from its own loopback. */
const FORWARDING: Rule[] = [
  {
    apiGroups: [''],
    resources: ['pods/portforward'],
    verbs: ['get', 'create'],
  },
];

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  namespace?: string;
}

const TEAM_RULES: Rule[] = [
  { apiGroups: ROUTING_GROUPS, resources: ['*'], verbs: EDITING },
  {
    apiGroups: ['security.istio.io'],
    resources: ['peerauthentications', 'authorizationpolicies'],
    verbs: EDITING,
  },
];

/** Roles of the demo: the portal reads and acts as people, teams edit routing, encryption and who may call in their namespaces. */
export function rbacObjects(
  scenario: Scenario,
  times: WorldTimes,
): KubeObject[] {
  const creationTimestamp = timestamp(momentOf(times, '120d'));
  const clusterRole = (name: string, rules: object[]): KubeObject => ({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: { name, creationTimestamp },
    rules,
  });
  const bind = (options: {
    name: string;
    namespace?: string;
    role: string;
    subject: Subject;
  }): KubeObject => ({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: options.namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: {
      name: options.name,
      namespace: options.namespace,
      creationTimestamp,
    },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: options.role },
    subjects: [
      options.subject.kind === 'ServiceAccount'
        ? options.subject
        : { ...options.subject, apiGroup: RBAC_GROUP },
    ],
  });
  const portal: Subject = { kind: 'ServiceAccount', ...PORTAL_ACCOUNT };
  return [
    clusterRole('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
    clusterRole('istio-portal', portalRules(scenario)),
    clusterRole('istio-portal-proxy-status', FORWARDING),
    clusterRole('routing-editor', TEAM_RULES),
    bind({ name: 'istio-portal', role: 'istio-portal', subject: portal }),
    bind({
      name: 'istio-portal-proxy-status',
      namespace: scenario.mesh.rootNamespace,
      role: 'istio-portal-proxy-status',
      subject: portal,
    }),
    ...scenario.teams.flatMap(team => {
      const subject: Subject = { kind: 'Group', name: team.name };
      const role = 'routing-editor';
      const name = `${team.name}-routing`;
      return team.edits === 'everywhere'
        ? [bind({ name, role, subject })]
        : team.edits.map(namespace => bind({ name, namespace, role, subject }));
    }),
  ];
}

const CORE_KINDS = [
  'namespaces',
  'services',
  'pods',
  'configmaps',
  'serviceaccounts',
];

/** Least privileges of the portal: read what it shows, ask for access, act as exactly these people and teams. */
function portalRules(scenario: Scenario): Rule[] {
  const reading = ['get', 'list', 'watch'];
  return [
    {
      apiGroups: [''],
      resources: CORE_KINDS,
      verbs: reading,
    },
    {
      apiGroups: ['apps'],
      resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
      verbs: reading,
    },
    {
      apiGroups: [
        ...ROUTING_GROUPS,
        'security.istio.io',
        'telemetry.istio.io',
        'extensions.istio.io',
      ],
      resources: ['*'],
      verbs: reading,
    },
    {
      apiGroups: ['cert-manager.io'],
      resources: ['certificates'],
      verbs: reading,
    },
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingwebhookconfigurations'],
      verbs: reading,
    },
    {
      apiGroups: ['apiextensions.k8s.io'],
      resources: ['customresourcedefinitions'],
      verbs: reading,
    },
    {
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      verbs: ['create'],
    },
    ...impersonationRules(scenario),
  ];
}

function impersonationRules(scenario: Scenario): Rule[] {
  const people = [
    ...new Set(scenario.teams.flatMap(team => team.members)),
  ].sort();
  const teams = scenario.teams.map(team => team.name).sort();
  return [
    {
      apiGroups: [''],
      resources: ['users'],
      resourceNames: people,
      verbs: ['impersonate'],
    },
    {
      apiGroups: [''],
      resources: ['groups'],
      resourceNames: teams,
      verbs: ['impersonate'],
    },
  ];
}
