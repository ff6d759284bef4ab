import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@istio-backstage/plugin-istio-common';
import { loadAll } from 'js-yaml';
import { ROUTE } from './testUtils/accessWorld';
import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';
import type { KubeObject } from './types';

jest.setTimeout(30_000);

const RBAC_FILE = join(__dirname, '../../../../docs/rbac.yaml');
const ROUTE_PATH =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/reviews';
const MERGE = 'application/merge-patch+json';
const MIRA = {
  'Impersonate-User': 'mira.kovac',
  'Impersonate-Group': 'catalog-team',
};

/** What docs/rbac.yaml grants is what people apply: it must suffice, and it must not be more. */
describe('the portal’s account, with the privileges of the documentation', () => {
  let target: TestCluster;

  beforeAll(async () => {
    const text = readFileSync(RBAC_FILE, 'utf8');
    target = await startTestCluster({
      users: {
        admin: { user: 'admin', groups: ['system:masters'] },
        portal: {
          user: 'system:serviceaccount:istio-portal:istio-portal',
          groups: [
            'system:serviceaccounts',
            'system:serviceaccounts:istio-portal',
          ],
        },
      },
      objects: [
        ...['istio-portal', 'istio-system', 'istio-ingress'].map(name => ({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name },
        })),
        ...(loadAll(text) as KubeObject[]),
        ROUTE,
      ],
    });
  });
  afterAll(() => target.close());

  const as = async (
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: unknown } = {},
  ) =>
    (
      await target.request(method, path, {
        as: 'portal',
        type: method === 'PATCH' ? MERGE : undefined,
        ...options,
      })
    ).status;
  const touch = (headers?: Record<string, string>) =>
    as('PATCH', ROUTE_PATH, {
      headers,
      body: { metadata: { labels: { touched: 'yes' } } },
    });

  it.each(Object.entries(KINDS))(
    'reads %s and writes none of it by itself',
    async (_, { group, version, plural, namespaced }) => {
      const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
      const all = `${root}/${plural}`;
      const one = namespaced
        ? `${root}/namespaces/catalog/${plural}/reviews`
        : `${all}/catalog`;
      expect([200, 404]).toContain(await as('GET', all));
      const body = { metadata: { name: 'x', namespace: 'catalog' } };
      const collection = namespaced
        ? `${root}/namespaces/catalog/${plural}`
        : all;
      expect([
        await as('POST', collection, { body }),
        await as('PUT', one, { body }),
        await as('PATCH', one, { body }),
        await as('DELETE', one),
      ]).toEqual([403, 403, 403, 403]);
    },
  );

  it.each([
    ['Secrets', '/api/v1/secrets'],
    ['who may what', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
    ['ConfigMaps', '/api/v1/namespaces/catalog/configmaps'],
  ])('does not see %s', async (_, path) => {
    expect(await as('GET', path)).toBe(403);
  });

  it('writes as a person on the list what this person may', async () => {
    expect(await touch()).toBe(403);
    expect(await touch(MIRA)).toBe(200);
    expect(
      await touch({
        'Impersonate-User': 'jonas.weber',
        'Impersonate-Group': 'payments-team',
      }),
    ).toBe(403);
  });

  it.each<[string, Record<string, string>]>([
    ['somebody who is not on the list', { 'Impersonate-User': 'root' }],
    ['an administrator', { 'Impersonate-User': 'admin' }],
    ['the controllers', { 'Impersonate-User': 'system:kube-scheduler' }],
    [
      'a member of the masters',
      { ...MIRA, 'Impersonate-Group': 'system:masters' },
    ],
    [
      'another service account',
      {
        'Impersonate-User': 'system:serviceaccount:kube-system:default',
      },
    ],
    [
      'somebody with powers added',
      { ...MIRA, 'Impersonate-Extra-Scopes': 'all' },
    ],
  ])('does not act as %s', async (_, headers) => {
    expect(await touch(headers)).toBe(403);
  });
});
