import type { Step } from '../types';
import {
  get,
  JSON_PATCH,
  MERGE,
  NAMESPACE,
  patch,
  post,
  put,
  remove,
  split,
  virtualService,
  VIRTUAL_SERVICES as N,
} from './fixtures';

const A = `${N}/a`;
const OLD = N.replace('/v1/', '/v1beta1/');

const create: Step[] = [
  post('namespace', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  }),
  post('create', N, virtualService('a', split(80), { labels: { x: '1' } })),
  post('create again', N, virtualService('a')),
  get('get', A),
  get('get as v1beta1', `${OLD}/a`),
  get('list as v1alpha3', N.replace('/v1/', '/v1alpha3/')),
  post(
    'create in a namespace that is missing',
    N.replace(NAMESPACE, 'nowhere'),
    virtualService('a'),
  ),
  get('list a namespace that is missing', N.replace(NAMESPACE, 'nowhere')),
];

const patches: Step[] = [
  patch('merge patch without a change', A, { spec: split(80) }, MERGE),
  patch(
    'merge patch',
    A,
    { spec: split(70), metadata: { annotations: { n: '1' } } },
    MERGE,
  ),
  patch(
    'merge patch by another manager',
    `${A}?fieldManager=second`,
    { metadata: { annotations: { n: '2', o: '1' } } },
    MERGE,
  ),
  patch(
    'merge patch removes',
    A,
    { metadata: { annotations: { o: null } } },
    MERGE,
  ),
  patch(
    'json patch with tests',
    A,
    [
      { op: 'test', path: '/spec/http/0/route/0/weight', value: 70 },
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 60 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 40 },
    ],
    JSON_PATCH,
  ),
  patch(
    'json patch with an escaped path',
    A,
    [{ op: 'add', path: '/metadata/annotations/z~1y', value: 'q' }],
    JSON_PATCH,
  ),
  patch(
    'json patch whose test fails',
    A,
    [{ op: 'test', path: '/spec/http/0/route/0/weight', value: 1 }],
    JSON_PATCH,
  ),
  patch(
    'json patch tests a resourceVersion',
    A,
    [{ op: 'test', path: '/metadata/resourceVersion', value: '1' }],
    JSON_PATCH,
  ),
  patch(
    'json patch into nothing',
    A,
    [{ op: 'replace', path: '/spec/foo/bar', value: 1 }],
    JSON_PATCH,
  ),
  patch(
    'json patch removes nothing',
    A,
    [{ op: 'remove', path: '/spec/foo' }],
    JSON_PATCH,
  ),
  patch(
    'json patch with an unknown operation',
    A,
    [{ op: 'x', path: '/spec' }],
    JSON_PATCH,
  ),
  patch('json patch that is no list', A, { a: 1 }, JSON_PATCH),
  patch(
    'json patch renames',
    A,
    [{ op: 'replace', path: '/metadata/name', value: 'b' }],
    JSON_PATCH,
  ),
  patch(
    'json patch changes the kind',
    A,
    [{ op: 'replace', path: '/kind', value: 'Gateway' }],
    JSON_PATCH,
  ),
  patch(
    'json patch removes spec',
    `${A}?dryRun=All`,
    [{ op: 'remove', path: '/spec' }],
    JSON_PATCH,
  ),
  patch(
    'json patch of status by the main door',
    `${A}?dryRun=All`,
    [{ op: 'add', path: '/status', value: { observedGeneration: 3 } }],
    JSON_PATCH,
  ),
  patch(
    'merge patch with a stale resourceVersion',
    A,
    { metadata: { resourceVersion: '1', labels: { q: 'z' } } },
    MERGE,
  ),
  patch(
    'strategic merge patch of a custom resource',
    A,
    { spec: {} },
    'application/strategic-merge-patch+json',
  ),
  patch('patch of no media type', A, { spec: {} }, 'application/json'),
  patch('patch of nothing', `${N}/nothing`, { spec: {} }, MERGE),
];

const options: Step[] = [
  patch(
    'status patch',
    `${A}/status`,
    {
      status: {
        observedGeneration: 3,
        conditions: [{ type: 'Reconciled', status: 'True' }],
      },
      spec: { hosts: ['zz'] },
      metadata: { labels: { st: '1' } },
    },
    MERGE,
  ),
  get('status', `${A}/status`),
  patch('dry run', `${A}?dryRun=All`, { spec: split(10) }, MERGE),
  get('after the dry run', A),
  patch(
    'unknown field, strict',
    `${A}?fieldValidation=Strict`,
    { spec: { foo: 1 } },
    MERGE,
  ),
  patch(
    'unknown fields, warned',
    `${A}?dryRun=All`,
    {
      spec: {
        foo: 1,
        http: [{ route: [{ destination: { host: 'x', y: 1 } }], q: 1 }],
      },
    },
    MERGE,
  ),
  patch(
    'unknown field, ignored',
    `${A}?dryRun=All&fieldValidation=Ignore`,
    { spec: { foo: 1 } },
    MERGE,
  ),
  patch(
    'unknown fieldValidation',
    `${A}?fieldValidation=X`,
    { spec: {} },
    MERGE,
  ),
  patch('unknown dryRun', `${A}?dryRun=X`, { spec: {} }, MERGE),
  patch('null removes', `${A}?dryRun=All`, { spec: { http: null } }, MERGE),
  patch('force without apply', `${A}?force=true`, { spec: {} }, MERGE),
  post(
    'create with unknown fields, strict',
    `${N}?dryRun=All&fieldValidation=Strict`,
    virtualService('s', { hosts: ['a'], foo: 1, bar: 2 }),
  ),
];

const updates: Step[] = [
  get('live', A, {
    capture: { rv: 'metadata.resourceVersion', uid: 'metadata.uid' },
    silent: true,
  }),
  put('update', A, virtualService('a', split(55), { resourceVersion: '$rv' })),
  put(
    'stale update',
    A,
    virtualService('a', split(54), { resourceVersion: '$rv' }),
  ),
  get('live again', A, {
    capture: { rv: 'metadata.resourceVersion' },
    silent: true,
  }),
  put(
    'update of another uid',
    A,
    virtualService('a', split(54), { resourceVersion: '$rv', uid: 'x' }),
  ),
  put(
    'update without a change',
    A,
    virtualService('a', split(55), { resourceVersion: '$rv' }),
  ),
  put('update without resourceVersion', A, virtualService('a', split(55))),
  put(
    'update of nothing',
    `${N}/nothing`,
    virtualService('nothing', split(55), { resourceVersion: '1' }),
  ),
  put(
    'update under another name',
    A,
    virtualService('b', split(55), { resourceVersion: '$rv' }),
  ),
  put(
    'update in another namespace',
    A,
    virtualService('a', split(55), { resourceVersion: '$rv', namespace: 'x' }),
  ),
  put('status update', `${A}/status`, {
    ...virtualService('a', split(1), { resourceVersion: '$rv' }),
    status: { observedGeneration: '9' },
  }),
  patch(
    'write through an older version',
    `${OLD}/a?fieldManager=beta`,
    { metadata: { labels: { beta: '1' } } },
    MERGE,
  ),
];

const deletes: Step[] = [
  remove('delete nothing', `${N}/nothing`),
  remove('delete with an unknown dryRun', `${A}?dryRun=x`),
  remove('delete of another uid', A, { preconditions: { uid: 'x' } }),
  remove('delete of another resourceVersion', A, {
    preconditions: { resourceVersion: '1' },
  }),
  remove('delete dry', A, { dryRun: ['All'] }),
  remove('delete dry by query', `${A}?dryRun=All&propagationPolicy=Background`),
  remove('delete with an unknown policy', A, { propagationPolicy: 'Q' }),
  remove('delete with another body', A, { kind: 'Foo', apiVersion: 'v1' }),
  patch('finalizer', A, { metadata: { finalizers: ['x.io/y'] } }, MERGE),
  remove('delete what a finalizer holds', A, {
    preconditions: { uid: '$uid' },
  }),
  get('still there', A),
  patch('finalizer goes', A, { metadata: { finalizers: null } }, MERGE),
  get('gone', A),
];

const bodies: Step[] = [
  post('text body', N, '{}', { contentType: 'text/plain' }),
  post('broken JSON', N, '{'),
  post('list body', N, '[]'),
  post('null body', N, 'null'),
  post('body without a kind', N, '{}'),
  post('body without an apiVersion', N, { kind: 'VirtualService' }),
  post('body of another apiVersion', N, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
  }),
  post('body of another kind', N, { ...virtualService('a'), kind: 'Gateway' }),
  post(
    'body of another namespace',
    N,
    virtualService('a', split(1), { namespace: 'other' }),
  ),
  post(
    'YAML body',
    `${N}?dryRun=All`,
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: yaml}\nspec: {hosts: [a]}\n',
    { contentType: 'application/yaml' },
  ),
];

/** Create, patch, update, delete of a custom resource, and the envelopes they come in. */
export const WRITES: Step[] = [
  ...create,
  ...patches,
  ...options,
  ...updates,
  ...deletes,
  ...bodies,
];
