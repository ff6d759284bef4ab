import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { proveSandbox } from './proveSandbox';

/**
 * Lets anybody be one of the demo's people, without a secret. It serves only while every configured
 * cluster proves to be the sandbox, so it cannot become a door to a real mesh by a forgotten line.
 */
export const sandboxSignIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'sandbox-provider',
  register(reg) {
    reg.registerInit({
      deps: {
        providers: authProvidersExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ providers, config }) {
        providers.registerProvider({
          providerId: 'sandbox',
          factory: createProxyAuthProviderFactory({
            authenticator: createSandboxAuthenticator(config),
            signInResolver: ({ result }, ctx) =>
              ctx.signInWithCatalogUser({ entityRef: result.entityRef }),
          }),
        });
      },
    });
  },
});

function createSandboxAuthenticator(config: RootConfigService) {
  return createProxyAuthenticator({
    defaultProfileTransform: async () => ({ profile: {} }),
    initialize: () => undefined,
    async authenticate({ req }) {
      const proof = await proveSandbox(config);
      if (!proof.sandbox) {
        throw new NotAllowedError(
          `Sign-in of the demo is refused outside the sandbox: ${proof.reason}`,
        );
      }
      const entityRef = req.header('x-sandbox-user');
      const known = listPeople(config);
      if (!entityRef || !known.includes(entityRef)) {
        throw new InputError(
          `x-sandbox-user must be one of app.signIn.people: ${known.join(
            ', ',
          )}`,
        );
      }
      return { result: { entityRef } };
    },
  });
}

function listPeople(config: RootConfigService): string[] {
  return (
    config
      .getOptionalConfigArray('app.signIn.people')
      ?.map(person => person.getString('entityRef')) ?? []
  );
}

export default sandboxSignIn;
