import type { ReactElement } from 'react';
import { screen, waitFor } from '@testing-library/react';
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
import { createFakeIstioApi } from './testUtils/createFakeIstioApi';
import {
  PAYMENTS_MESH_PATH,
  fakePermissions,
  paymentsEntity,
  renderWithMesh,
} from './testUtils/renderWithMesh';

const withoutAnnotations = {
  ...paymentsEntity,
  metadata: { name: 'payments' },
};

async function expectTab() {
  expect(await screen.findByTestId('health-sentence')).toHaveTextContent(
    /^Degraded: 3.2 %/,
  );
}

async function expectText(text: string) {
  await waitFor(() => expect(screen.getAllByText(text)[0]).toBeInTheDocument());
}

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
    await expectTab();
  });

  it('mounts the page', async () => {
    renderWithMesh(createExtensionTester(meshPage).reactElement(), {
      path: '/mesh',
      mountPath: '/mesh',
    });
    await expectText('prod-eu');
  });

  it('mounts the cards', async () => {
    renderWithMesh(
      <>
        {createExtensionTester(entityHealthCard).reactElement()}
        {createExtensionTester(entityMtlsCard).reactElement()}
        {createExtensionTester(entityTrafficSplitCard).reactElement()}
      </>,
    );
    await expectText('Health');
    await expectText('83.9 %');
    await expectText('89.4 %');
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
    await expectTab();
    expect(screen.getByText('canary-header')).toBeInTheDocument();
  });

  it('mounts the page', async () => {
    await render(<IstioPage />, '/mesh', '/mesh');
    await expectText('prod-eu');
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
    await expectText('Health');
    await expectText('83.9 %');
    await expectText('89.4 %');
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
