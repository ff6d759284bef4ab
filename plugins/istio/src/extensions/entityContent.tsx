import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { offersMeshTab } from '../isIstioAvailable';
import { ENTITY_CONTENT_PATH, entityContentRouteRef } from '../routes';

export const entityMeshContent = EntityContentBlueprint.make({
  params: {
    path: ENTITY_CONTENT_PATH,
    title: 'Mesh',
    routeRef: convertLegacyRouteRef(entityContentRouteRef),
    filter: offersMeshTab,
    loader: () =>
      import('../features/meshTab/EntityMeshContent').then(m => (
        <m.EntityMeshContent />
      )),
  },
});
