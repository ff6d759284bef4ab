import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  DefinitivePolicyDecision,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { AuthorizedMeshService } from './AuthorizedMeshService';
import type { MeshService } from './types';

const credentials = mockCredentials.user('user:default/mira.kovac');

const CONDITIONAL: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: {
    rule: 'IS_ENTITY_OWNER',
    resourceType: 'catalog-entity',
    params: {},
  },
};

function createService(policy: PolicyDecision) {
  const authorizeConditional = jest.fn(async () => [policy]);
  const authorize = jest.fn(
    async (
      questions: { resourceRef?: string }[],
    ): Promise<DefinitivePolicyDecision[]> =>
      questions.map(({ resourceRef }) => ({
        result: resourceRef?.endsWith('/reviews')
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  );
  const inner = { getComponentMesh: jest.fn() };
  const clock = { now: 0 };
  const service = AuthorizedMeshService.create({
    // Nothing else of it is called here.
    inner: inner as Partial<MeshService> as MeshService,
    permissions: { authorize, authorizeConditional },
    now: () => clock.now,
  });
  const read = (name: string) =>
    service.getComponentMesh(
      { entityRef: `component:default/${name}`, seconds: 300 },
      { credentials },
    );
  return { read, inner, authorize, authorizeConditional, clock };
}

describe('AuthorizedMeshService', () => {
  it('asks once for all components where the policy has no conditions', async () => {
    const { read, authorize, authorizeConditional, clock } = createService({
      result: AuthorizeResult.ALLOW,
    });
    await read('reviews');
    await read('payments');
    expect(authorizeConditional).toHaveBeenCalledTimes(1);
    expect(authorize).not.toHaveBeenCalled();
    clock.now = 5_000;
    await read('reviews');
    expect(authorizeConditional).toHaveBeenCalledTimes(2);
  });

  it('refuses every component where the policy denies', async () => {
    const { read, inner, authorize } = createService({
      result: AuthorizeResult.DENY,
    });
    await expect(read('reviews')).rejects.toThrow("'istio.mesh.read'");
    expect(authorize).not.toHaveBeenCalled();
    expect(inner.getComponentMesh).not.toHaveBeenCalled();
  });

  it('asks per component where the answer depends on it', async () => {
    const { read, inner, authorize } = createService(CONDITIONAL);
    await read('reviews');
    await expect(read('payments')).rejects.toThrow(
      'You may not see mesh data of component:default/payments',
    );
    await read('reviews');
    expect(authorize).toHaveBeenCalledTimes(2);
    expect(inner.getComponentMesh).toHaveBeenCalledTimes(2);
  });
});
