import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  ImpersonationResolver,
  KUBERNETES_USER_ANNOTATION,
  type ImpersonationConfig,
} from './ImpersonationResolver';

const MIRA = 'user:default/mira.kovac';

function resolverOf(
  config: ImpersonationConfig | undefined,
  options: { annotation?: string; owns?: string[] } = {},
) {
  return ImpersonationResolver.create({
    config,
    auth: mockServices.auth(),
    userInfo: mockServices.userInfo({
      ownershipEntityRefs: options.owns ?? [
        MIRA,
        'group:default/catalog-team',
        'group:default/dev',
      ],
    }),
    catalog: {
      getEntityByRef: async () => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'User',
        metadata: {
          name: 'mira.kovac',
          annotations: annotationsOf(options.annotation),
        },
      }),
    },
  });
}

function annotationsOf(user?: string): Record<string, string> {
  return user ? { [KUBERNETES_USER_ANNOTATION]: user } : {};
}

const resolve = (resolver: ImpersonationResolver) =>
  resolver.resolve(mockCredentials.user(MIRA), 'prod-eu');

describe('ImpersonationResolver', () => {
  it('fills the templates with the names of user and groups', async () => {
    expect(
      await resolve(
        resolverOf({ user: 'oidc:{namespace}/{name}', groups: 'team-{name}' }),
      ),
    ).toEqual({
      actingUser: {
        user: 'oidc:default/mira.kovac',
        groups: ['team-catalog-team', 'team-dev'],
      },
    });
  });

  it('sends no groups without a template for them', async () => {
    expect(await resolve(resolverOf({ user: '{name}' }))).toEqual({
      actingUser: { user: 'mira.kovac', groups: [] },
    });
  });

  it('prefers the annotation to the template, and configuration to both', async () => {
    const config = { user: '{name}', groups: '{name}' };
    expect(
      await resolve(resolverOf(config, { annotation: 'mk@example.com' })),
    ).toMatchObject({ actingUser: { user: 'mk@example.com' } });
    expect(
      await resolve(
        resolverOf(
          { ...config, users: { [MIRA]: { user: 'alice', groups: ['ops'] } } },
          { annotation: 'mk@example.com' },
        ),
      ),
    ).toEqual({ actingUser: { user: 'alice', groups: ['ops'] } });
  });

  it.each([
    ['no configuration', undefined, {}, /no istio\.impersonation/],
    ['no user', { groups: '{name}' }, {}, /istio\.impersonation\.user/],
    ['an empty user', { user: '' }, {}, /user name is empty/],
    ['a system user', { user: 'system:admin' }, {}, /kept for Kubernetes/],
    [
      'a system user by annotation',
      { user: '{name}' },
      { annotation: ' System:kube-scheduler' },
      /kept for Kubernetes/,
    ],
    [
      'the masters',
      { user: '{name}', groups: 'system:{name}' },
      { owns: ['group:default/masters'] },
      /group name "system:masters" is kept/,
    ],
    [
      'another header',
      { user: '{name}' },
      { annotation: 'a\r\nImpersonate-Group: b' },
      /cannot be sent/,
    ],
    [
      'letters that headers do not carry',
      { user: '{name}' },
      { annotation: 'mirа' },
      /cannot be sent/,
    ],
    [
      'an empty group',
      { user: '{name}', groups: '' },
      {},
      /group name is empty/,
    ],
  ])('refuses %s', async (_, config, options, reason) => {
    expect(await resolve(resolverOf(config, options))).toEqual({
      reason: expect.stringMatching(reason),
    });
  });
});
