import type { PortalClient } from '../world/PortalClient';

const API = '/api/istio/v1';

/** Paths of the HTTP API that pages ask for. */
export const paths = {
  mesh: (entityRef: string) =>
    `${API}/entities/${asPath(entityRef)}/mesh?window=5m`,
  signals: (entityRef: string) =>
    `${API}/entities/${asPath(entityRef)}/signals?window=30m`,
  findings: (entityRef: string) =>
    `${API}/entities/${asPath(entityRef)}/findings`,
  access: (entityRef: string) => `${API}/entities/${asPath(entityRef)}/access`,
  list: (offset = 0) => `${API}/components?offset=${offset}`,
};

/**
 * What the browser asks when somebody opens the Overview of the Mesh tab (plugins/istio, MeshTab): the mesh
 * facts, the sparklines, the findings and the portal's policy.
 */
export async function viewOverview(
  portal: PortalClient,
  entityRef: string,
): Promise<void> {
  await Promise.all([
    portal.post('/api/permission/authorize', {
      items: [
        {
          id: 'bench',
          permission: {
            type: 'resource',
            name: 'istio.change.create',
            attributes: { action: 'create' },
            resourceType: 'catalog-entity',
          },
          resourceRef: entityRef,
        },
      ],
    }),
    portal.get(paths.mesh(entityRef)),
    portal.get(paths.signals(entityRef)),
    portal.get(paths.findings(entityRef)),
  ]);
}

/** The same, and then the pointer goes to the actions: the clusters' access rules are asked. */
export async function viewAndTurnToActions(
  portal: PortalClient,
  entityRef: string,
): Promise<void> {
  await viewOverview(portal, entityRef);
  await portal.get(paths.access(entityRef));
}

/** `component:default/a` as the three parts of a path. */
function asPath(entityRef: string): string {
  return entityRef.replace(':', '/');
}
