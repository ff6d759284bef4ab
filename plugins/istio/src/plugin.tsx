import { convertLegacyRouteRefs } from '@backstage/core-compat-api';
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { MeshIcon } from './components/MeshIcon';
import { istioApi } from './extensions/apis';
import {
  entityHealthCard,
  entityMtlsCard,
  entityTrafficSplitCard,
} from './extensions/entityCards';
import { entityMeshContent } from './extensions/entityContent';
import { meshPage } from './extensions/page';
import { entityContentRouteRef, rootRouteRef } from './routes';

/**
 * The plugin for the new frontend system.
 *
 * @public
 */
export const istioFrontendPlugin = createFrontendPlugin({
  pluginId: 'istio',
  title: 'Mesh',
  icon: <MeshIcon />,
  routes: convertLegacyRouteRefs({
    root: rootRouteRef,
    entityContent: entityContentRouteRef,
  }),
  extensions: [
    istioApi,
    meshPage,
    entityMeshContent,
    entityHealthCard,
    entityMtlsCard,
    entityTrafficSplitCard,
  ],
});
