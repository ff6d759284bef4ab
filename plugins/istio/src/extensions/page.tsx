import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { MeshIcon } from '../components/MeshIcon';
import { rootRouteRef } from '../routes';

export const meshPage = PageBlueprint.make({
  params: {
    path: '/mesh',
    title: 'Mesh',
    icon: <MeshIcon />,
    routeRef: convertLegacyRouteRef(rootRouteRef),
    loader: () =>
      import('../features/meshPage/MeshPage').then(m => <m.MeshPage />),
  },
});
