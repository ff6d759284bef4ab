import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { istioPermissions } from '@istio-backstage/plugin-istio-common';
import { readIstioConfig } from './config';
import { createServices } from './createServices';
import { registerPorts } from './registerPorts';
import { createApprovalsRouter } from './routers/createApprovalsRouter';
import { createAuditRouter } from './routers/createAuditRouter';
import { createChangesRouter } from './routers/createChangesRouter';
import { createEventsRouter } from './routers/createEventsRouter';
import { createMeshRouter } from './routers/createMeshRouter';

const deps = {
  auditor: coreServices.auditor,
  auth: coreServices.auth,
  catalog: catalogServiceRef,
  database: coreServices.database,
  httpAuth: coreServices.httpAuth,
  httpRouter: coreServices.httpRouter,
  lifecycle: coreServices.lifecycle,
  logger: coreServices.logger,
  notifications: notificationService,
  permissions: coreServices.permissions,
  permissionsRegistry: coreServices.permissionsRegistry,
  rootConfig: coreServices.rootConfig,
  userInfo: coreServices.userInfo,
};

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
      deps,
      async init({ httpAuth, httpRouter, lifecycle, rootConfig, ...core }) {
        const { logger, permissionsRegistry } = core;
        const config = readIstioConfig(rootConfig);
        for (const warning of config.warnings) logger.warn(warning);
        permissionsRegistry.addPermissions(istioPermissions);

        const services = await createServices({ ...core, config, overrides });
        const { mesh, changes, approvals, audit, feeds } = services;
        const stopped = new AbortController();
        httpRouter.use(createMeshRouter({ mesh, httpAuth }));
        httpRouter.use(
          createEventsRouter({
            mesh,
            changes: feeds,
            httpAuth,
            logger,
            stopped: stopped.signal,
          }),
        );
        httpRouter.use(createChangesRouter({ service: changes, httpAuth }));
        httpRouter.use(createApprovalsRouter({ service: approvals, httpAuth }));
        httpRouter.use(createAuditRouter({ service: audit, httpAuth }));

        services.start();
        lifecycle.addShutdownHook(() => {
          stopped.abort();
          return services.stop();
        });
      },
    });
  },
});
