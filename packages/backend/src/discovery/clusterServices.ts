import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import type { EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { buildServiceEntities } from './buildServiceEntities';
import { readClusterServices } from './readClusterServices';

/**
 * Fills the catalog from the Services of a cluster, for `npm start -- --kubeconfig`: a new user sees
 * their own mesh before they have written a catalog. Off unless `clusterServices` is set.
 */
export const clusterServices = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'cluster-services',
  register(reg) {
    reg.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        scheduler: coreServices.scheduler,
        logger: coreServices.logger,
      },
      async init({ catalog, config, scheduler, logger }) {
        const discovery = config.getOptionalConfig('clusterServices');
        if (!discovery) {
          return;
        }
        const file = discovery.getString('kubeconfig');
        const context = discovery.getOptionalString('context');
        const cluster = discovery.getString('cluster');
        const defaultOwner = discovery.getString('defaultOwner');
        const refresh = async (connection: EntityProviderConnection) => {
          const services = await readClusterServices({ file, context });
          const entities = buildServiceEntities({
            services,
            cluster,
            defaultOwner,
          });
          await connection.applyMutation({
            type: 'full',
            entities: entities.map(entity => ({
              entity,
              locationKey: 'cluster-services',
            })),
          });
        };
        catalog.addEntityProvider({
          getProviderName: () => 'cluster-services',
          async connect(connection) {
            await scheduler.scheduleTask({
              id: 'cluster-services',
              frequency: { seconds: 30 },
              timeout: { seconds: 25 },
              scope: 'local',
              fn: async () => {
                try {
                  await refresh(connection);
                } catch (error) {
                  logger.warn(
                    `The Services of cluster ${cluster} could not be read, the catalog stays as it was: ${error}`,
                  );
                }
              },
            });
          },
        });
      },
    });
  },
});

export default clusterServices;
