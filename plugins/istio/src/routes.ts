import { createRouteRef } from '@backstage/core-plugin-api';

/** The mesh page with the list of components. */
export const rootRouteRef = createRouteRef({ id: 'istio' });

/** The Mesh tab of a component; its sub-views are relative to it. */
export const entityContentRouteRef = createRouteRef({ id: 'istio-entity' });

/** Path of the tab below the entity's page. */
export const ENTITY_CONTENT_PATH = '/mesh';
