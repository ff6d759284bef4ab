import type { ReactElement } from 'react';
import type { Entity } from '@backstage/catalog-model';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../api';
import { rootRouteRef } from '../routes';
import { createFakeIstioApi } from './createFakeIstioApi';

/** The component that the fixtures are about. */
export const paymentsEntity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'payments',
    annotations: {
      'backstage.io/kubernetes-label-selector': 'app=payments',
    },
  },
  spec: { type: 'service', owner: 'payments-team', lifecycle: 'production' },
};

/** Path of {@link paymentsEntity}'s Mesh tab. */
export const PAYMENTS_MESH_PATH = '/catalog/default/component/payments/mesh';

/** What the portal's policy says to every question. */
export function fakePermissions(allowed: boolean) {
  return {
    authorize: async () => ({
      result: allowed ? ('ALLOW' as const) : ('DENY' as const),
    }),
  };
}

/** Renders inside an app of the new frontend system, with the catalog's entity route bound. */
export function renderWithMesh(
  element: ReactElement,
  options: {
    api?: IstioApi;
    permitted?: boolean;
    path?: string;
    entity?: Entity;
    mountPath?: string;
  } = {},
) {
  const {
    api = createFakeIstioApi(),
    permitted = true,
    path = PAYMENTS_MESH_PATH,
    entity = paymentsEntity,
    mountPath = '/catalog/:namespace/:kind/:name/mesh',
  } = options;
  return renderInTestApp(
    <EntityProvider entity={entity}>{element}</EntityProvider>,
    {
      mountPath,
      initialRouteEntries: [path],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name':
          convertLegacyRouteRef(entityRouteRef),
        '/mesh': convertLegacyRouteRef(rootRouteRef),
      },
      apis: [
        [istioApiRef, api],
        [permissionApiRef, fakePermissions(permitted)],
      ],
    },
  );
}
