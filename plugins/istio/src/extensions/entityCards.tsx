import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isIstioAvailable } from '../isIstioAvailable';

export const entityHealthCard = EntityCardBlueprint.make({
  name: 'health',
  params: {
    type: 'content',
    filter: isIstioAvailable,
    loader: () =>
      import('../features/entityCards/entityCards').then(m => (
        <m.EntityHealthCard />
      )),
  },
});

export const entityMtlsCard = EntityCardBlueprint.make({
  name: 'mtls',
  params: {
    type: 'content',
    filter: isIstioAvailable,
    loader: () =>
      import('../features/entityCards/entityCards').then(m => (
        <m.EntityMtlsCard />
      )),
  },
});

export const entityTrafficSplitCard = EntityCardBlueprint.make({
  name: 'traffic-split',
  params: {
    type: 'content',
    filter: isIstioAvailable,
    loader: () =>
      import('../features/entityCards/entityCards').then(m => (
        <m.EntityTrafficSplitCard />
      )),
  },
});
