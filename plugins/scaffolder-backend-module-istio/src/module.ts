import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { istioServiceRef } from '@istio-backstage/plugin-istio-node';
import { createFollowChangeAction } from './actions/createFollowChangeAction';
import { createPreviewChangeAction } from './actions/createPreviewChangeAction';
import { createSubmitChangeAction } from './actions/createSubmitChangeAction';

/**
 * The template actions `istio:preview`, `istio:change` and `istio:wait`.
 *
 * @public
 */
export const scaffolderIstioModule = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'istio',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
        istio: istioServiceRef,
      },
      async init({ actions, config, istio }) {
        const appUrl = config.getString('app.baseUrl');
        actions.addActions(
          createPreviewChangeAction({ istio }),
          createSubmitChangeAction({ istio, appUrl }),
          createFollowChangeAction({ istio, appUrl }),
        );
      },
    });
  },
});
