import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./signIn/sandboxSignIn'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('./discovery/clusterServices'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./permission/demoPermissionPolicy'));
backend.add(import('@istio-backstage/plugin-istio-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@istio-backstage/plugin-scaffolder-backend-module-istio'));

backend.start();
