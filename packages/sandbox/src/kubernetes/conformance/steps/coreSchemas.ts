import type { Step } from '../types';
import { NAMESPACE, post } from './fixtures';

function core(
  label: string,
  path: string,
  object: Record<string, unknown>,
): Step {
  return post(label, `${path}?dryRun=All`, object);
}

const V1 = `/api/v1/namespaces/${NAMESPACE}`;
const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;

const pod = { containers: [{ name: 'c', image: 'i:1' }] };
const deployment = (spec: unknown) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec,
});

const CORE = [
  core('Service', `${V1}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: {
      selector: { app: 'a' },
      ports: [
        { port: 80, name: 'http' },
        { port: 9080, targetPort: 'web', name: 'w' },
      ],
    },
  }),
  core('Deployment: replicas is text', APPS, deployment({ replicas: 'x' })),
  core(
    'Deployment: selector misses the template',
    APPS,
    deployment({
      selector: { matchLabels: { app: 'd' } },
      template: { metadata: { labels: { app: 'e' } }, spec: pod },
    }),
  ),
  core('ConfigMap with an unknown field', `${V1}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data: { a: 'b' },
    foo: 1,
  }),
  core('Secret in plain text', `${V1}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'c' },
    stringData: { a: 'b' },
  }),
  core('ServiceAccount', `${V1}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'c' },
  }),
  core('Namespace', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'zz' },
  }),
  core(
    'Role with a colon',
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/roles`,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'c:x' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
  ),
];

const named = (metadata: Record<string, unknown>) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata,
  spec: { hosts: ['a'] },
});

const METADATA = Object.entries({
  'bad name': { name: 'Bad_' },
  'no name': {},
  'bad label key': { name: 'l', labels: { 'a b': '1' } },
  'bad label value': { name: 'l', labels: { c: 'x y' } },
  'long label value': { name: 'l', labels: { a: 'x'.repeat(64) } },
  'bad annotation key': { name: 'l', annotations: { 'a b': '1' } },
}).map(([label, metadata]) =>
  core(
    `metadata: ${label}`,
    `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices`,
    named(metadata),
  ),
);

/** What metadata checks and the rules of built-in kinds say. */
export const CORE_SCHEMAS: Step[] = [...METADATA, ...CORE];
