import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import type {
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import {
  actionExecutePermission,
  taskCancelPermission,
  taskCreatePermission,
  templateDryRunPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  istioAuditExportPermission,
  istioChangeApprovePermission,
  istioChangeBreakGlassPermission,
  istioChangeCreatePermission,
} from '@istio-backstage/plugin-istio-common';

const PLATFORM_TEAM = 'group:default/platform-team';
const APPROVERS = 'group:default/approvers';
const VIEWERS = 'group:default/viewers';

/**
 * Everybody reads; who owns a component changes it; everybody but viewers may approve, and the plugin
 * says which changes are theirs to approve; approvers export the record; the platform team does all of
 * it and breaks the glass. An example of a policy an adopter would write for their own groups.
 */
export class DemoPermissionPolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { permission } = request;
    if (permission.name.startsWith('scaffolder.')) {
      return decideTemplates(permission, user);
    }
    if (!permission.name.startsWith('istio.')) {
      return permission.attributes.action === 'read'
        ? { result: AuthorizeResult.ALLOW }
        : { result: AuthorizeResult.DENY };
    }
    if (!user) {
      return { result: AuthorizeResult.DENY };
    }
    const refs = user.info.ownershipEntityRefs;
    if (refs.includes(PLATFORM_TEAM)) {
      return { result: AuthorizeResult.ALLOW };
    }
    if (isPermission(permission, istioChangeBreakGlassPermission)) {
      return { result: AuthorizeResult.DENY };
    }
    if (isPermission(permission, istioChangeApprovePermission)) {
      return {
        result: refs.includes(VIEWERS)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      };
    }
    if (isPermission(permission, istioAuditExportPermission)) {
      return {
        result: refs.includes(APPROVERS)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      };
    }
    if (
      isPermission(permission, istioChangeCreatePermission) &&
      isResourcePermission(permission, 'catalog-entity')
    ) {
      return createCatalogConditionalDecision(permission, {
        anyOf: [catalogConditions.isEntityOwner({ claims: refs })],
      });
    }
    return { result: AuthorizeResult.ALLOW };
  }
}

/** What the steps of a template do to the mesh is decided when they do it, for who runs them. */
const RUNNING_TEMPLATES: Permission[] = [
  actionExecutePermission,
  taskCreatePermission,
  templateDryRunPermission,
];

/** Everybody signed in runs templates; who started a task ends it. */
function decideTemplates(
  permission: Permission,
  user?: PolicyQueryUser,
): PolicyDecision {
  if (user && isPermission(permission, taskCancelPermission)) {
    return createScaffolderTaskConditionalDecision(permission, {
      anyOf: [
        scaffolderTaskConditions.isTaskOwner({
          createdBy: [user.info.userEntityRef],
        }),
      ],
    });
  }
  const allowed =
    user &&
    (permission.attributes.action === 'read' ||
      RUNNING_TEMPLATES.some(({ name }) => name === permission.name));
  return { result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
}

export const demoPermissionPolicy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'demo-policy',
  register(reg) {
    reg.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new DemoPermissionPolicy());
      },
    });
  },
});

export default demoPermissionPolicy;
