import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { istioPermissions } from '@istio-backstage/plugin-istio-common';
import packageJson from '../package.json';
import { createChangeService } from './changes/createChangeService';
import { ImpersonationResolver } from './clusters/ImpersonationResolver';
import { readIstioConfig } from './config';
import { createClusterAdapters } from './createClusterAdapters';
import { createMeshServices } from './createMeshServices';
import { EntityFeed } from './mesh/EntityFeed';
import { registerPorts } from './registerPorts';
import { createChangesRouter } from './routers/createChangesRouter';
import { createEventsRouter } from './routers/createEventsRouter';
import { createMeshRouter } from './routers/createMeshRouter';

/**
 * Backend of Istio self-service: reads the mesh, previews and applies changes as the user, keeps the record.
 *
 * @public
 */
export const istioPlugin = createBackendPlugin({
  pluginId: 'istio',
  register(env) {
    const overrides = registerPorts(env);
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootConfig: coreServices.rootConfig,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, httpAuth, httpRouter, lifecycle, logger } = deps;
        const { auditor, database, permissions, userInfo } = deps;
        const config = readIstioConfig(deps.rootConfig);
        for (const warning of config.warnings) logger.warn(warning);
        deps.permissionsRegistry.addPermissions(istioPermissions);

        const { version } = packageJson;
        const adapters = await createClusterAdapters({
          config,
          overrides,
          version,
          logger,
        });
        const { reader, writer, telemetry } = adapters;
        const actingUsers =
          overrides.actingUsers ??
          ImpersonationResolver.create({
            config: config.impersonation,
            userInfo,
            catalog,
            auth,
          });
        const records = new EntityFeed();
        const changes = await createChangeService({
          database,
          logger,
          auditor,
          auth,
          userInfo,
          permissions,
          catalog,
          reader,
          writer,
          telemetry,
          actingUsers,
          ownership: config.ownership,
          findWorkloadOwner: async workload => mesh.directory.ownerOf(workload),
          onChanged: entityRefs => records.announce(entityRefs),
        });
        const mesh = createMeshServices({
          config,
          reader,
          writer,
          telemetry,
          actingUsers,
          history: changes.history,
          catalog,
          auth,
          permissions,
          logger,
        });

        const stopped = new AbortController();
        httpRouter.use(createMeshRouter({ mesh: mesh.service, httpAuth }));
        httpRouter.use(
          createEventsRouter({
            mesh: mesh.service,
            changes: [mesh.directory, records],
            httpAuth,
            logger,
            stopped: stopped.signal,
          }),
        );
        httpRouter.use(
          createChangesRouter({ service: changes.service, httpAuth }),
        );

        adapters.start();
        mesh.directory.start();
        changes.start();
        mesh.index.start();
        lifecycle.addShutdownHook(async () => {
          stopped.abort();
          mesh.index.stop();
          mesh.directory.stop();
          adapters.stop();
          await changes.stop();
        });
      },
    });
  },
});
