import type { Step } from '../types';
import { get, post, VIRTUAL_SERVICES as N, NAMESPACE } from './fixtures';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';

function review(
  label: string,
  kind: string,
  spec: unknown,
  as: Step['as'] = 'admin',
): Step {
  const group = kind.includes('Access') ? AUTHORIZATION : AUTHENTICATION;
  const apiVersion = group.slice('/apis/'.length);
  return post(
    label,
    `${group}/${kind.toLowerCase()}s`,
    { apiVersion, kind, spec },
    { as },
  );
}

const pods = { verb: 'get', resource: 'pods', namespace: NAMESPACE };

const paths: Step[] = [
  get('unknown token', '/api', { as: 'stranger' }),
  get('anonymous discovery', '/api', { as: 'nobody' }),
  get('anonymous version', '/version', { as: 'nobody', view: 'kind' }),
  get('anonymous list', '/api/v1/pods', { as: 'nobody' }),
  get('forbidden list of all', '/api/v1/pods', { as: 'viewer' }),
  get('forbidden get', `/api/v1/namespaces/${NAMESPACE}/pods/x`, {
    as: 'viewer',
  }),
  get('discovery', '/api', { as: 'viewer', view: 'kind' }),
  get('groups', '/apis', { as: 'viewer', view: 'kind' }),
  get('forbidden path', '/metrics', { as: 'viewer' }),
  get('forbidden watch', `${N}?watch=1`, { as: 'viewer' }),
  get('forbidden list of one name', `${N}?fieldSelector=metadata.name%3Dx`, {
    as: 'viewer',
  }),
  get('forbidden cluster-wide list', '/api/v1/nodes', { as: 'viewer' }),
  get('forbidden subresource', `${N}/a/status`, { as: 'viewer' }),
  get('acting as a user without rights', '/api/v1/pods?limit=1', {
    headers: { 'impersonate-user': 'zed' },
  }),
  get('acting as a member of the masters', '/api/v1/pods', {
    headers: {
      'impersonate-user': 'zed',
      'impersonate-group': 'system:masters',
    },
    view: 'names',
  }),
];

const unknown: Step[] = [
  get('unknown core resource', '/api/v1/foos'),
  get('unknown group', '/apis/none/v1/foos'),
  get('unknown group, discovery', '/apis/foo.io/v1'),
  get('unknown version', '/apis/networking.istio.io/v9/virtualservices'),
  get(
    'unknown resource',
    `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/none`,
  ),
  get(
    'cluster-wide resource in a namespace',
    `/api/v1/namespaces/${NAMESPACE}/nodes`,
  ),
  get('unknown path', '/nothing'),
  get('health', '/healthz'),
  get('readiness', '/readyz'),
  get('liveness', '/livez'),
  get('group', '/apis/networking.istio.io'),
];

const reviews: Step[] = [
  review(
    'may not',
    'SelfSubjectAccessReview',
    { resourceAttributes: pods },
    'viewer',
  ),
  review('may', 'SelfSubjectAccessReview', { resourceAttributes: pods }),
  review('asks nothing', 'SelfSubjectAccessReview', {}, 'viewer'),
  review(
    'may not ask for others',
    'SubjectAccessReview',
    { user: 'x', resourceAttributes: pods },
    'viewer',
  ),
  review('asks for another', 'SubjectAccessReview', {
    user: 'x',
    groups: ['system:masters'],
    resourceAttributes: pods,
  }),
  review('asks for nobody', 'SubjectAccessReview', {
    resourceAttributes: pods,
  }),
  review('who am I', 'SelfSubjectReview', undefined, 'viewer'),
  review('whose token', 'TokenReview', { token: 'sandbox-vera' }),
  review("nobody's token", 'TokenReview', { token: 'x' }),
  get('reviews cannot be read', `${AUTHORIZATION}/selfsubjectaccessreviews`),
];

/** Identity, authorization, reviews, unknown paths. */
export const ACCESS: Step[] = [...paths, ...unknown, ...reviews];
