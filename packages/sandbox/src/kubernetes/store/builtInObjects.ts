import type { KubeObject } from '../types';

const RBAC = 'rbac.authorization.k8s.io/v1';
const ROLE_GROUP = 'rbac.authorization.k8s.io';

function clusterRole(name: string, rules: unknown[]): KubeObject {
  return { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name }, rules };
}

function grant(name: string, groups: string[]): KubeObject {
  return {
    apiVersion: RBAC,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: ROLE_GROUP, kind: 'ClusterRole', name },
    subjects: groups.map(group => ({
      apiGroup: ROLE_GROUP,
      kind: 'Group',
      name: group,
    })),
  };
}

const DISCOVERY_PATHS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];
const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

/** What every cluster has before anybody installs anything; objects of the same name in a world win. */
export function clusterObjects(): KubeObject[] {
  const namespaces = ['default', 'kube-system'].map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  return [
    ...namespaces,
    clusterRole('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
    grant('cluster-admin', ['system:masters']),
    clusterRole('system:discovery', [
      { nonResourceURLs: DISCOVERY_PATHS, verbs: ['get'] },
    ]),
    grant('system:discovery', ['system:authenticated']),
    clusterRole('system:public-info-viewer', [
      { nonResourceURLs: PUBLIC_PATHS, verbs: ['get'] },
    ]),
    grant('system:public-info-viewer', [
      'system:authenticated',
      'system:unauthenticated',
    ]),
    clusterRole('system:basic-user', [
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        verbs: ['create'],
      },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['selfsubjectreviews'],
        verbs: ['create'],
      },
    ]),
    grant('system:basic-user', ['system:authenticated']),
  ];
}

function validator(
  configuration: string,
  webhook: string,
  objectSelector?: unknown,
): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: configuration,
      labels: { app: 'istiod', istio: 'istiod', 'istio.io/rev': 'default' },
    },
    webhooks: [
      {
        name: webhook,
        clientConfig: {
          service: {
            name: 'istiod',
            namespace: 'istio-system',
            path: '/validate',
          },
        },
        rules: [
          {
            operations: ['CREATE', 'UPDATE'],
            apiGroups: [
              'security.istio.io',
              'networking.istio.io',
              'telemetry.istio.io',
              'extensions.istio.io',
            ],
            apiVersions: ['*'],
            resources: ['*'],
          },
        ],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...(objectSelector ? { objectSelector } : {}),
      },
    ],
  };
}

/**
 * The two validators of an Istio installation with a default revision: one for objects labelled with the revision,
 * one for all others' sake that takes every object (istio-discovery and base charts, 1.31).
 */
export function istioObjects(): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'istio-system' },
    },
    validator('istio-validator-istio-system', 'rev.validation.istio.io', {
      matchExpressions: [
        { key: 'istio.io/rev', operator: 'In', values: ['default'] },
      ],
    }),
    validator('istiod-default-validator', 'validation.istio.io'),
  ];
}
