import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Permission } from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import {
  actionExecutePermission,
  taskCancelPermission,
  taskCreatePermission,
  taskReadPermission,
  templateManagementPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  istioAuditExportPermission,
  istioAuditReadPermission,
  istioChangeApprovePermission,
  istioChangeBreakGlassPermission,
  istioChangeCreatePermission,
  istioMeshReadPermission,
} from '@istio-backstage/plugin-istio-common';
import { DemoPermissionPolicy } from './demoPermissionPolicy';

const PEOPLE = {
  platform: ['user:default/paul.adeyemi', 'group:default/platform-team'],
  approver: ['user:default/priya.nair', 'group:default/approvers'],
  owner: ['user:default/mira.kovac', 'group:default/catalog-team'],
  viewer: ['user:default/vera.lind', 'group:default/viewers'],
};

async function decide(permission: Permission, who?: keyof typeof PEOPLE) {
  const user =
    who &&
    ({
      info: { userEntityRef: PEOPLE[who][0], ownershipEntityRefs: PEOPLE[who] },
    } as PolicyQueryUser);
  return (await new DemoPermissionPolicy().handle({ permission }, user)).result;
}

describe('DemoPermissionPolicy', () => {
  it.each([
    [istioMeshReadPermission, 'ALLOW ALLOW ALLOW ALLOW'],
    [istioAuditReadPermission, 'ALLOW ALLOW ALLOW ALLOW'],
    [istioChangeCreatePermission, 'ALLOW CONDITIONAL CONDITIONAL CONDITIONAL'],
    [istioChangeApprovePermission, 'ALLOW ALLOW ALLOW DENY'],
    [istioChangeBreakGlassPermission, 'ALLOW DENY DENY DENY'],
    [istioAuditExportPermission, 'ALLOW ALLOW DENY DENY'],
    [taskCreatePermission, 'ALLOW ALLOW ALLOW ALLOW'],
    [actionExecutePermission, 'ALLOW ALLOW ALLOW ALLOW'],
    [taskReadPermission, 'ALLOW ALLOW ALLOW ALLOW'],
    [taskCancelPermission, 'CONDITIONAL CONDITIONAL CONDITIONAL CONDITIONAL'],
    [templateManagementPermission, 'DENY DENY DENY DENY'],
  ])(
    '$name for platform, approver, owner and viewer',
    async (permission, expected) => {
      const results = await Promise.all(
        (['platform', 'approver', 'owner', 'viewer'] as const).map(who =>
          decide(permission, who),
        ),
      );
      expect(results.join(' ')).toBe(expected);
      expect(await decide(permission)).toBe(AuthorizeResult.DENY);
    },
  );

  it('makes the right to change a question of ownership', async () => {
    const decision = await new DemoPermissionPolicy().handle(
      { permission: istioChangeCreatePermission },
      {
        info: {
          userEntityRef: PEOPLE.owner[0],
          ownershipEntityRefs: PEOPLE.owner,
        },
      } as PolicyQueryUser,
    );
    expect(decision).toMatchObject({
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        anyOf: [{ rule: 'IS_ENTITY_OWNER', params: { claims: PEOPLE.owner } }],
      },
    });
  });
});
