import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Permissions about one component carry the resource type of catalog entities, so that a policy can
 * answer with the catalog's own conditions (`isEntityOwner`, `hasLabel`, …).
 */
export const RESOURCE_TYPE_CATALOG_ENTITY = 'catalog-entity';

/** See a component's mesh data. @public */
export const istioMeshReadPermission = createPermission({
  name: 'istio.mesh.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Preview and apply changes to a component's mesh objects. @public */
export const istioChangeCreatePermission = createPermission({
  name: 'istio.change.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Approve or decline another person's change. @public */
export const istioChangeApprovePermission = createPermission({
  name: 'istio.change.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Apply in an emergency without the approval that would be needed. @public */
export const istioChangeBreakGlassPermission = createPermission({
  name: 'istio.change.breakGlass',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Read the record of changes of a component. @public */
export const istioAuditReadPermission = createPermission({
  name: 'istio.audit.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Export the record of changes. @public */
export const istioAuditExportPermission = createPermission({
  name: 'istio.audit.export',
  attributes: { action: 'read' },
});

/** Take the details of an entry out of the record. @public */
export const istioAuditRedactPermission = createPermission({
  name: 'istio.audit.redact',
  attributes: { action: 'delete' },
});

/** Every permission of the plugin. @public */
export const istioPermissions = [
  istioMeshReadPermission,
  istioChangeCreatePermission,
  istioChangeApprovePermission,
  istioChangeBreakGlassPermission,
  istioAuditReadPermission,
  istioAuditExportPermission,
  istioAuditRedactPermission,
];
