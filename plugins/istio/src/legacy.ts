import {
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
} from '@backstage/core-plugin-api';
import { istioApiFactory } from './api';
import { entityContentRouteRef, rootRouteRef } from './routes';

/**
 * The plugin for the old frontend system.
 *
 * @public
 */
export const istioPlugin = createPlugin({
  id: 'istio',
  apis: [istioApiFactory],
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
});

/**
 * The mesh page: clusters and all components in the mesh.
 *
 * @public
 */
export const IstioPage = istioPlugin.provide(
  createRoutableExtension({
    name: 'IstioPage',
    component: () =>
      import('./features/meshPage/LegacyMeshPage').then(m => m.LegacyMeshPage),
    mountPoint: rootRouteRef,
  }),
);

/**
 * The Mesh tab of a component; mount it at `/mesh`.
 *
 * @public
 */
export const EntityIstioContent = istioPlugin.provide(
  createRoutableExtension({
    name: 'EntityIstioContent',
    component: () =>
      import('./features/meshTab/EntityMeshContent').then(
        m => m.EntityMeshContent,
      ),
    mountPoint: entityContentRouteRef,
  }),
);

/**
 * Health of a component: cause, rate, errors, latency.
 *
 * @public
 */
export const EntityIstioHealthCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioHealthCard',
    component: {
      lazy: () =>
        import('./features/entityCards/entityCards').then(
          m => m.EntityHealthCard,
        ),
    },
  }),
);

/**
 * Whether a component's traffic is encrypted, and what its ports accept.
 *
 * @public
 */
export const EntityIstioMtlsCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioMtlsCard',
    component: {
      lazy: () =>
        import('./features/entityCards/entityCards').then(
          m => m.EntityMtlsCard,
        ),
    },
  }),
);

/**
 * Where a component's traffic goes by version, as configured and as observed.
 *
 * @public
 */
export const EntityIstioTrafficSplitCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioTrafficSplitCard',
    component: {
      lazy: () =>
        import('./features/entityCards/entityCards').then(
          m => m.EntityTrafficSplitCard,
        ),
    },
  }),
);
