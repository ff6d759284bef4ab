import {
  createApiFactory,
  createApiRef,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { IstioClient } from '@istio-backstage/plugin-istio-common';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';

/**
 * The mesh as the backend plugin `istio` answers it, with the signed-in user's rights.
 *
 * @public
 */
export const istioApiRef = createApiRef<IstioApi>({ id: 'plugin.istio.mesh' });

/** Factory of {@link istioApiRef}, the same for the old and the new frontend system. */
export const istioApiFactory = createApiFactory({
  api: istioApiRef,
  deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
  factory: ({ discoveryApi, fetchApi }) =>
    new IstioClient({ discoveryApi, fetchApi }),
});
