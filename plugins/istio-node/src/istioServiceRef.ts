import {
  AuthService,
  BackstageCredentials,
  coreServices,
  createServiceFactory,
  createServiceRef,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { IstioApi, IstioClient } from '@istio-backstage/plugin-istio-common';

/** The plugin's API for other backend plugins, on behalf of whoever asked them. */
export interface IstioService {
  /** The API as these credentials may use it. */
  as(credentials: BackstageCredentials): IstioApi;
}

/**
 * Lets a backend plugin read the mesh and submit changes through the same API, permissions and record as
 * everybody else.
 *
 * @public
 */
export const istioServiceRef = createServiceRef<IstioService>({
  id: 'istio.service',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { auth: coreServices.auth, discovery: coreServices.discovery },
      factory: ({ auth, discovery }) => createIstioService({ auth, discovery }),
    }),
});

function createIstioService(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}): IstioService {
  const { auth, discovery } = options;
  return {
    as: credentials =>
      new IstioClient({
        discoveryApi: discovery,
        fetchApi: {
          fetch: async (input, init) => {
            // Tokens between plugins live for a moment: one per request.
            const { token } = await auth.getPluginRequestToken({
              onBehalfOf: credentials,
              targetPluginId: 'istio',
            });
            const headers = new Headers(init?.headers);
            headers.set('Authorization', `Bearer ${token}`);
            return fetch(input, { ...init, headers });
          },
        },
      }),
  };
}
