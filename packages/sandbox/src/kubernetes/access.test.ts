import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';
import { ACCESS_WORLD } from './testUtils/accessWorld';

const RBAC = 'rbac.authorization.k8s.io';
const VIRTUAL_SERVICES =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices';

const MIRA = {
  'Impersonate-User': 'mira.kovac',
  'Impersonate-Group': 'catalog-team',
};
const MERGE = 'application/merge-patch+json';

describe('authorization', () => {
  let target: TestCluster;
  beforeEach(async () => {
    target = await startTestCluster({ objects: ACCESS_WORLD });
  });
  afterEach(() => target.close());

  const patchAs = (as: string, headers?: Record<string, string>) =>
    target.request('PATCH', `${VIRTUAL_SERVICES}/reviews`, {
      as,
      headers,
      type: MERGE,
      body: { metadata: { labels: { touched: 'yes' } } },
    });

  it('lets a group write where a RoleBinding of a ClusterRole says so, and nowhere else', async () => {
    expect((await patchAs('mira')).status).toBe(200);
    const elsewhere = await target.request(
      'GET',
      VIRTUAL_SERVICES.replace('catalog', 'payments'),
      { as: 'mira' },
    );
    expect(elsewhere.status).toBe(403);
    expect(
      (
        await target.request(
          'GET',
          '/apis/networking.istio.io/v1/virtualservices',
          { as: 'mira' },
        )
      ).status,
    ).toBe(403);
  });

  it('refuses in the words of Kubernetes', async () => {
    const denied = await patchAs('vera');
    expect(denied.status).toBe(403);
    expect(denied.body).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      message:
        'virtualservices.networking.istio.io "reviews" is forbidden: User "vera.lind" cannot patch resource "virtualservices" in API group "networking.istio.io" in the namespace "catalog"',
      details: {
        name: 'reviews',
        group: 'networking.istio.io',
        kind: 'virtualservices',
      },
    });
  });

  it('takes a role away with the next request', async () => {
    await target.request(
      'DELETE',
      `/apis/${RBAC}/v1/namespaces/catalog/rolebindings/team`,
    );
    expect((await patchAs('mira')).status).toBe(403);
  });

  it('holds resourceNames against the name, also of a list narrowed to it', async () => {
    const path = '/api/v1/namespaces/payments/configmaps';
    const status = async (suffix: string) =>
      (await target.request('GET', `${path}${suffix}`, { as: 'vera' })).status;
    expect(await status('/only')).toBe(200);
    expect(await status('/other')).toBe(403);
    expect(await status('')).toBe(403);
    expect(await status('?fieldSelector=metadata.name%3Donly')).toBe(200);
    expect(await status('?fieldSelector=metadata.name%3Dother')).toBe(403);
  });

  it('reads `*/status` as the status of every resource of the group', async () => {
    const path = '/apis/apps/v1/namespaces/payments/deployments/none';
    expect(
      (await target.request('GET', `${path}/status`, { as: 'vera' })).status,
    ).toBe(404);
    expect((await target.request('GET', path, { as: 'vera' })).status).toBe(
      403,
    );
  });

  describe('impersonation', () => {
    it('acts as the user with the groups, and the audit names both', async () => {
      expect((await patchAs('portal')).status).toBe(403);
      const answer = await patchAs('portal', {
        ...MIRA,
        'Audit-ID': 'attempt-1',
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('audit-id')).toBe('attempt-1');
      expect(target.cluster.audit.at(-1)).toMatchObject({
        auditId: 'attempt-1',
        user: 'portal',
        impersonated: {
          user: 'mira.kovac',
          groups: ['catalog-team', 'system:authenticated'],
        },
        verb: 'patch',
        object: {
          group: 'networking.istio.io',
          resource: 'virtualservices',
          namespace: 'catalog',
          name: 'reviews',
        },
        code: 200,
        dryRun: false,
      });
    });

    it('gives the user alone no groups but the authenticated', async () => {
      expect(
        (await patchAs('portal', { 'Impersonate-User': 'mira.kovac' })).status,
      ).toBe(403);
    });

    it.each([
      [
        'a user',
        { 'Impersonate-User': 'root' },
        'users "root" is forbidden: User "portal" cannot impersonate resource "users" in API group "" at the cluster scope',
      ],
      [
        'a group',
        { ...MIRA, 'Impersonate-Group': 'system:masters' },
        'groups "system:masters" is forbidden: User "portal" cannot impersonate resource "groups" in API group "" at the cluster scope',
      ],
      [
        'a uid',
        { ...MIRA, 'Impersonate-Uid': 'u-2' },
        'uids.authentication.k8s.io "u-2" is forbidden',
      ],
      [
        'an extra',
        { ...MIRA, 'Impersonate-Extra-Scopes': 'all' },
        'userextras.authentication.k8s.io "all" is forbidden',
      ],
      [
        'a service account',
        { 'Impersonate-User': 'system:serviceaccount:payments:robot' },
        'serviceaccounts "robot" is forbidden',
      ],
    ])(
      'refuses %s that RBAC does not name',
      async (_what, headers, message) => {
        const denied = await patchAs('portal', headers);
        expect(denied.status).toBe(403);
        expect(denied.body.message).toContain(message);
        expect(target.cluster.audit.at(-1)).toMatchObject({
          user: 'portal',
          code: 403,
        });
      },
    );

    it('takes uid and extra that RBAC names', async () => {
      const headers = {
        ...MIRA,
        'Impersonate-Uid': 'u-1',
        'Impersonate-Extra-Change-Id': '01J',
      };
      expect((await patchAs('portal', headers)).status).toBe(200);
      expect(target.cluster.audit.at(-1)?.impersonated).toMatchObject({
        uid: 'u-1',
        extra: { 'change-id': ['01J'] },
      });
    });

    it('takes groups joined by a comma for one group, as Kubernetes does', async () => {
      const headers = new Headers({ 'Impersonate-User': 'mira.kovac' });
      headers.append('Impersonate-Group', 'catalog-team');
      headers.append('Impersonate-Group', 'viewers');
      const denied = await patchAs('portal', Object.fromEntries(headers));
      expect(denied.status).toBe(403);
      expect(denied.body.message).toContain(
        'groups "catalog-team, viewers" is forbidden',
      );
    });

    it('refuses groups without a user', async () => {
      expect(
        (await patchAs('portal', { 'Impersonate-Group': 'viewers' })).status,
      ).toBe(400);
    });
  });

  describe('reviews', () => {
    const ask = async (
      as: string,
      attributes: Record<string, unknown>,
      headers?: Record<string, string>,
    ) => {
      const answer = await target.request(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          as,
          headers,
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectAccessReview',
            spec: { resourceAttributes: attributes },
          },
        },
      );
      return answer.body.status as unknown as {
        allowed: boolean;
        reason?: string;
      };
    };
    const wanted = {
      group: 'networking.istio.io',
      resource: 'virtualservices',
      namespace: 'catalog',
      name: 'reviews',
    };

    it('says of the impersonated user what the write would meet', async () => {
      expect(await ask('portal', { ...wanted, verb: 'patch' })).toEqual({
        allowed: false,
      });
      expect(await ask('portal', { ...wanted, verb: 'patch' }, MIRA)).toEqual({
        allowed: true,
        reason:
          'RBAC: allowed by RoleBinding "team/catalog" of ClusterRole "mesh-editor" to Group "catalog-team"',
      });
    });

    it('lists the rules of a user in a namespace', async () => {
      const answer = await target.request(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
        {
          as: 'mira',
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectRulesReview',
            spec: { namespace: 'catalog' },
          },
        },
      );
      expect(answer.body.status).toMatchObject({
        resourceRules: expect.arrayContaining([
          expect.objectContaining({ resources: ['virtualservices'] }),
        ]),
        incomplete: false,
      });
    });

    it('issues a token to a service account, which speaks for it until it expires', async () => {
      const path = '/api/v1/namespaces/payments/serviceaccounts';
      const body = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 600 },
      };
      const issued = await target.request('POST', `${path}/robot/token`, {
        body,
      });
      expect(issued.status).toBe(201);
      const { token } = issued.body.status as unknown as { token: string };
      const read = () =>
        target.request('GET', '/api/v1/namespaces/payments/configmaps/only', {
          as: token,
        });
      expect((await read()).status).toBe(200);
      target.clock.now += 601_000;
      expect((await read()).status).toBe(401);
      expect(
        (await target.request('POST', `${path}/nobody/token`, { body })).status,
      ).toBe(404);
      expect(JSON.stringify(target.cluster.audit)).not.toContain(token);
    });

    it('refuses a token for less than ten minutes', async () => {
      const answer = await target.request(
        'POST',
        '/api/v1/namespaces/payments/serviceaccounts/robot/token',
        {
          body: {
            apiVersion: 'authentication.k8s.io/v1',
            kind: 'TokenRequest',
            spec: { expirationSeconds: 60 },
          },
        },
      );
      expect(answer.status).toBe(422);
    });
  });

  it('gives every answer an Audit-ID, and keeps the one of the request', async () => {
    const own = await target.request('GET', '/api/v1/pods');
    expect(own.headers.get('audit-id')).toMatch(/^[0-9a-f-]{36}$/);
    const unauthorized = await target.request('GET', '/api', {
      as: 'nobody-knows',
      headers: { 'Audit-ID': 'mine' },
    });
    expect(unauthorized.status).toBe(401);
    expect(unauthorized.headers.get('audit-id')).toBe('mine');
    expect(unauthorized.text).not.toContain('nobody-knows');
  });
});
