import {
  type Answer,
  type Body,
  get,
  type RequestOptions,
  post,
  send,
} from '../world/KubeApi';
import { testNamespace, untilGranted, virtualService } from './fixtures';

const namespace = testNamespace('access');
const path = namespace.virtualServices;
const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';
const RBAC = 'rbac.authorization.k8s.io/v1';
const PORTAL = `system:serviceaccount:${namespace.name}:portal`;
const PEOPLE = `${namespace.name}-people`;

/** Token of a service account that reads pods and may act as two people and one team. */
let portal = '';

const verdict = ({ status, body }: Answer) => [status, body.kind, body.reason];
const object = (apiVersion: string, kind: string, rest: object) => ({
  apiVersion,
  kind,
  ...rest,
});

async function made(to: string, body: unknown): Promise<Body> {
  const answer = await post(to, body);
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([
    201,
    expect.any(String),
  ]);
  return answer.body;
}

const role = (name: string, rules: unknown[]) =>
  made(
    `${namespace.rbac}/roles`,
    object(RBAC, 'Role', { metadata: { name }, rules }),
  );

const binding = (name: string, subjects: unknown[]) =>
  made(
    `${namespace.rbac}/rolebindings`,
    object(RBAC, 'RoleBinding', {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects,
    }),
  );

const subject = (kind: string, name: string) =>
  kind === 'ServiceAccount'
    ? { kind, name, namespace: namespace.name }
    : { apiGroup: 'rbac.authorization.k8s.io', kind, name };

async function token(account: string): Promise<Answer> {
  return post(
    `${namespace.core}/serviceaccounts/${account}/token`,
    object('authentication.k8s.io/v1', 'TokenRequest', {
      spec: { expirationSeconds: 3600 },
    }),
  );
}

const cluster = '/apis/rbac.authorization.k8s.io/v1';

beforeAll(async () => {
  await made(
    `${namespace.core}/serviceaccounts`,
    object('v1', 'ServiceAccount', { metadata: { name: 'portal' } }),
  );
  await role('reads', [
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
  ]);
  await binding('reads', [subject('ServiceAccount', 'portal')]);
  await role('routes', [
    {
      apiGroups: ['networking.istio.io'],
      resources: ['virtualservices'],
      verbs: ['get', 'create', 'patch'],
    },
  ]);
  await binding('routes', [subject('Group', 'conformance-team')]);
  await made(
    `${cluster}/clusterroles`,
    object(RBAC, 'ClusterRole', {
      metadata: { name: PEOPLE },
      rules: [
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
          resourceNames: ['conformance-team', 'conformance-others'],
        },
      ],
    }),
  );
  await made(
    `${cluster}/clusterrolebindings`,
    object(RBAC, 'ClusterRoleBinding', {
      metadata: { name: PEOPLE },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: PEOPLE,
      },
      subjects: [subject('ServiceAccount', 'portal')],
    }),
  );
  const { name } = namespace;
  const grants = [
    { user: PORTAL, verb: 'watch', resource: 'pods', namespace: name },
    {
      user: 'somebody',
      groups: ['conformance-team'],
      verb: 'patch',
      group: 'networking.istio.io',
      resource: 'virtualservices',
      namespace: name,
    },
    ...[
      ['users', 'vera.lind'],
      ['groups', 'conformance-others'],
    ].map(([resource, who]) => ({
      user: PORTAL,
      verb: 'impersonate',
      resource,
      name: who,
    })),
  ];
  for (const grant of grants) await untilGranted(grant);
  const answer = await token('portal');
  portal = (answer.body.status as { token: string }).token;
});

afterAll(async () => {
  await send('DELETE', `${cluster}/clusterrolebindings/${PEOPLE}`);
  await send('DELETE', `${cluster}/clusterroles/${PEOPLE}`);
});

const review = (
  kind: string,
  spec: unknown,
  options: RequestOptions = { token: portal },
) => {
  const root =
    kind.startsWith('Self') && kind !== 'SelfSubjectReview'
      ? AUTHORIZATION
      : AUTHENTICATION;
  return post(
    `${root}/${kind.toLowerCase()}s`,
    object(root.slice('/apis/'.length), kind, { spec }),
    options,
  );
};

const acting = (user: string | undefined, ...groups: string[]) => ({
  token: portal,
  headers: {
    ...(user ? { 'Impersonate-User': user } : {}),
    ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}),
  },
});

describe('tokens', () => {
  it('of a service account are told who they are', async () => {
    const { body } = await review('SelfSubjectReview', undefined);
    const { userInfo } = body.status as {
      userInfo: { username: string; groups: string[] };
    };
    expect(userInfo.username).toBe(PORTAL);
    expect([...userInfo.groups].sort()).toEqual([
      'system:authenticated',
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace.name}`,
    ]);
  });

  it('are reviewed', async () => {
    const known = await review('TokenReview', { token: portal }, {});
    expect(known.status).toBe(201);
    expect(known.body.status).toMatchObject({
      authenticated: true,
      user: { username: PORTAL },
    });
    const unknown = await review('TokenReview', { token: 'nonsense' }, {});
    expect(unknown.status).toBe(201);
    expect(unknown.body.status).toMatchObject({ user: {} });
    expect(unknown.body.status).not.toHaveProperty('authenticated', true);
  });

  it('say when they end', async () => {
    const { body } = await token('portal');
    const { expirationTimestamp } = body.status as {
      expirationTimestamp: string;
    };
    const seconds = (Date.parse(expirationTimestamp) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThan(3700);
  });

  it('are not made for accounts that are missing, nor for a minute', async () => {
    expect(verdict(await token('missing'))).toEqual([
      404,
      'Status',
      'NotFound',
    ]);
    const short = await post(
      `${namespace.core}/serviceaccounts/portal/token`,
      object('authentication.k8s.io/v1', 'TokenRequest', {
        spec: { expirationSeconds: 60 },
      }),
    );
    expect(verdict(short)).toEqual([422, 'Status', 'Invalid']);
  });

  it('that nobody knows are 401', async () => {
    expect(verdict(await get('/api', { token: 'nonsense' }))).toEqual([
      401,
      'Status',
      'Unauthorized',
    ]);
  });

  it('are needed for more than the version', async () => {
    expect((await get('/version', { token: null })).status).toBe(200);
    const answer = await get('/api/v1/pods', { token: null });
    expect(verdict(answer)).toEqual([403, 'Status', 'Forbidden']);
    expect(answer.body.message).toContain('User "system:anonymous"');
  });
});

describe('what RBAC does not grant', () => {
  it('is 403 in a Status that names user, verb, resource and namespace', async () => {
    const answer = await post(path, virtualService('a'), { token: portal });
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `virtualservices.networking.istio.io is forbidden: User "${PORTAL}" cannot create resource "virtualservices" in API group "networking.istio.io" in the namespace "${namespace.name}"`,
      reason: 'Forbidden',
      details: { group: 'networking.istio.io', kind: 'virtualservices' },
      code: 403,
    });
  });

  it('names the object and the cluster scope', async () => {
    const one = await get(`${path}/a`, { token: portal });
    expect(one.body.message).toContain(
      'virtualservices.networking.istio.io "a" is forbidden',
    );
    const all = await get('/api/v1/nodes', { token: portal });
    expect(all.body.message).toContain('at the cluster scope');
  });

  it('is granted as soon as a role says so', async () => {
    const own = `${namespace.core}/configmaps`;
    expect((await get(own, { token: portal })).status).toBe(403);
    await role('config', [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['list'] },
    ]);
    await binding('config', [subject('ServiceAccount', 'portal')]);
    await untilGranted({
      user: PORTAL,
      verb: 'list',
      resource: 'configmaps',
      namespace: namespace.name,
    });
    const answer = await get(own, { token: portal });
    expect(answer.status).toBe(200);
  });
});

describe('access reviews', () => {
  const asked = (verb: string, group: string, resource: string) => ({
    resourceAttributes: { namespace: namespace.name, verb, group, resource },
  });

  it('say yes with a reason', async () => {
    const answer = await review(
      'SelfSubjectAccessReview',
      asked('list', '', 'pods'),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      status: {
        allowed: true,
        reason: expect.stringContaining('RBAC: allowed by RoleBinding'),
      },
    });
  });

  it('say no', async () => {
    const answer = await review(
      'SelfSubjectAccessReview',
      asked('delete', 'networking.istio.io', 'virtualservices'),
    );
    expect([
      answer.status,
      (answer.body.status as { allowed: boolean }).allowed,
    ]).toEqual([201, false]);
  });

  it('speak for whom the portal acts as', async () => {
    const question = asked('patch', 'networking.istio.io', 'virtualservices');
    const allowed = async (...groups: string[]) => {
      const answer = await review(
        'SelfSubjectAccessReview',
        question,
        acting('mira.kovac', ...groups),
      );
      return (answer.body.status as { allowed: boolean }).allowed;
    };
    expect(await allowed('conformance-team')).toBe(true);
    expect(await allowed('conformance-others')).toBe(false);
    expect(await allowed('conformance-others', 'conformance-team')).toBe(true);
    expect(await allowed()).toBe(false);
  });

  it('of rules list what is granted', async () => {
    const answer = await review('SelfSubjectRulesReview', {
      namespace: namespace.name,
    });
    expect(answer.status).toBe(201);
    const { resourceRules } = answer.body.status as {
      resourceRules: unknown[];
    };
    expect(resourceRules).toContainEqual({
      verbs: ['get', 'list', 'watch'],
      apiGroups: [''],
      resources: ['pods'],
    });
  });

  it('that ask nothing are refused', async () => {
    expect(verdict(await review('SelfSubjectAccessReview', {}))).toEqual([
      422,
      'Status',
      'Invalid',
    ]);
  });
});

describe('impersonation', () => {
  it('is who the portal says, with all groups', async () => {
    const answer = await review(
      'SelfSubjectReview',
      undefined,
      acting('mira.kovac', 'conformance-team', 'conformance-others'),
    );
    const { userInfo } = answer.body.status as {
      userInfo: { username: string; groups: string[] };
    };
    expect(userInfo.username).toBe('mira.kovac');
    expect([...userInfo.groups].sort()).toEqual([
      'conformance-others',
      'conformance-team',
      'system:authenticated',
    ]);
  });

  it('writes what that person may write', async () => {
    const answer = await post(
      path,
      virtualService('by-mira'),
      acting('mira.kovac', 'conformance-team'),
    );
    expect(answer.status).toBe(201);
  });

  it('refuses in the name of that person', async () => {
    const answer = await send('DELETE', `${path}/by-mira`, acting('vera.lind'));
    expect(verdict(answer)).toEqual([403, 'Status', 'Forbidden']);
    expect(answer.body.message).toContain('User "vera.lind" cannot delete');
  });

  it.each([
    ['another user', acting('zed'), 'zed'],
    ['another group', acting('mira.kovac', 'system:masters'), 'system:masters'],
    [
      'one right and one wrong group',
      acting('mira.kovac', 'conformance-team', 'admins'),
      'admins',
    ],
  ])('of %s is refused', async (_, options, name) => {
    // The options are made before the token is.
    const answer = await get(path, { ...options, token: portal });
    expect(verdict(answer)).toEqual([403, 'Status', 'Forbidden']);
    expect(answer.body.message).toContain(`"${name}" is forbidden`);
    expect(answer.body.message).toContain(PORTAL);
  });

  it('of groups without a user is refused', async () => {
    const answer = await get(path, acting(undefined, 'conformance-team'));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).not.toBe(401);
  });
});

describe('Audit-ID', () => {
  const ID = '0191e0a5-0000-7000-8000-000000000001';

  it('is the one the client chose', async () => {
    const answer = await get('/version', { headers: { 'Audit-ID': ID } });
    expect(answer.headers['audit-id']).toBe(ID);
  });

  it('comes with refusals, too', async () => {
    const answer = await post(path, virtualService('a'), {
      token: portal,
      headers: { 'Audit-ID': ID },
    });
    expect([answer.status, answer.headers['audit-id']]).toEqual([403, ID]);
  });

  it('is made where the client chose none', async () => {
    const answer = await get('/version');
    expect(answer.headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
