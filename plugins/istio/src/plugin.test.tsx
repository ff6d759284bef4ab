import type { ReactElement } from 'react';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  TestApiProvider,
  renderInTestApp as renderInLegacyTestApp,
} from '@backstage/test-utils';
import istioFrontendPlugin, {
  EntityIstioContent,
  EntityIstioHealthCard,
  EntityIstioMtlsCard,
  EntityIstioTrafficSplitCard,
  IstioPage,
  isIstioAvailable,
  istioApiRef,
  istioPlugin,
} from './index';
import {
  entityHealthCard,
  entityMtlsCard,
  entityTrafficSplitCard,
} from './extensions/entityCards';
import { entityMeshContent } from './extensions/entityContent';
import { meshPage } from './extensions/page';
import { offersMeshTab } from './isIstioAvailable';
import { createFakeIstioApi } from './__testUtils__/createFakeIstioApi';
import {
  PAYMENTS_MESH_PATH,
  fakePermissions,
  paymentsEntity,
  renderWithMesh,
} from './__testUtils__/renderWithMesh';

const withoutAnnotations = {
  ...paymentsEntity,
  metadata: { name: 'payments' },
};

/** The sentence of the tab's header. */
const verdict = () => screen.findByTestId('health-sentence');

/** The first element with a text, skeletons having made way for values. */
const firstWith = async (text: string) => {
  await screen.findByText('89.4 %');
  return screen.getAllByText(text)[0];
};

describe('in the new frontend system', () => {
  it('is one plugin with page, tab and cards', () => {
    expect(istioFrontendPlugin.pluginId).toBe('istio');
    expect(istioFrontendPlugin.getExtension('page:istio')).toBeDefined();
    expect(
      istioFrontendPlugin.getExtension('entity-content:istio'),
    ).toBeDefined();
  });

  it('mounts the tab', async () => {
    renderWithMesh(createExtensionTester(entityMeshContent).reactElement());
    expect(await verdict()).toHaveTextContent(/^Degraded: 3.2 %/);
  });

  it('mounts the page', async () => {
    renderWithMesh(createExtensionTester(meshPage).reactElement(), {
      path: '/mesh',
      mountPath: '/mesh',
    });
    expect(await firstWith('prod-eu')).toBeInTheDocument();
  });

  it('mounts the cards', async () => {
    renderWithMesh(
      <>
        {createExtensionTester(entityHealthCard).reactElement()}
        {createExtensionTester(entityMtlsCard).reactElement()}
        {createExtensionTester(entityTrafficSplitCard).reactElement()}
      </>,
    );
    expect(await firstWith('Health')).toBeInTheDocument();
    expect(await screen.findByText('83.9 %')).toBeInTheDocument();
  });
});

describe('in the old frontend system', () => {
  const render = (element: ReactElement, path: string, at: string) =>
    renderInLegacyTestApp(
      <TestApiProvider
        apis={[
          [istioApiRef, createFakeIstioApi()],
          [permissionApiRef, fakePermissions(true)],
        ]}
      >
        <Routes>
          <Route
            path={path}
            element={
              <EntityProvider entity={paymentsEntity}>{element}</EntityProvider>
            }
          />
        </Routes>
      </TestApiProvider>,
      {
        routeEntries: [at],
        mountedRoutes: {
          '/catalog/:namespace/:kind/:name': entityRouteRef,
        },
      },
    );

  it('is a plugin of the same id', () => {
    expect(istioPlugin.getId()).toBe('istio');
  });

  it('mounts the tab and its views', async () => {
    await render(
      <EntityIstioContent />,
      '/catalog/:namespace/:kind/:name/mesh/*',
      `${PAYMENTS_MESH_PATH}/traffic`,
    );
    expect(await verdict()).toHaveTextContent(/^Degraded: 3.2 %/);
    expect(screen.getByText('canary-header')).toBeInTheDocument();
  });

  it('mounts the page', async () => {
    await render(<IstioPage />, '/mesh', '/mesh');
    expect(await firstWith('prod-eu')).toBeInTheDocument();
    expect(screen.getAllByText('Mesh')[0]).toBeInTheDocument();
  });

  it('mounts the cards', async () => {
    await render(
      <>
        <EntityIstioHealthCard />
        <EntityIstioMtlsCard />
        <EntityIstioTrafficSplitCard />
      </>,
      '/catalog/:namespace/:kind/:name',
      '/catalog/default/component/payments',
    );
    expect(await firstWith('Health')).toBeInTheDocument();
    expect(await screen.findByText('83.9 %')).toBeInTheDocument();
  });
});

describe('which entities it is for', () => {
  it('shows cards where an annotation names workloads', () => {
    expect(isIstioAvailable(paymentsEntity)).toBe(true);
    expect(isIstioAvailable(withoutAnnotations)).toBe(false);
  });

  it('offers the tab to every component, to others only with an annotation', () => {
    expect(offersMeshTab(withoutAnnotations)).toBe(true);
    expect(offersMeshTab({ ...withoutAnnotations, kind: 'API' })).toBe(false);
    expect(offersMeshTab({ ...paymentsEntity, kind: 'Resource' })).toBe(true);
  });
});
