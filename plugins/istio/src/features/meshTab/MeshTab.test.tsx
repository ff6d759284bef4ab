import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  FIXTURE_NOW,
  paymentsMesh,
  refusedByCluster,
  staleCluster,
  unmatchedMesh,
} from '../../__testUtils__/fixtures';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import {
  PAYMENTS_MESH_PATH,
  paymentsEntity,
  renderWithMesh,
} from '../../__testUtils__/renderWithMesh';
import { EntityMeshContent } from './EntityMeshContent';

jest.setTimeout(30_000);

/** A card once its values are there: skeletons carry the same titles. */
async function card(name: string) {
  await screen.findByTestId('health-sentence');
  return screen.getByRole('region', { name });
}

describe('MeshTab', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('answers first, in a sentence with numbers, window and threshold', async () => {
    renderWithMesh(<EntityMeshContent />);
    expect(await screen.findByTestId('health-sentence')).toHaveTextContent(
      'Degraded: 3.2 % of requests from checkout fail with 503 (41 of 1,280 in 5 min). Threshold 1 %.',
    );
    expect(
      await screen.findByText(/All inbound requests: above 1 % since 14:22/),
    ).toHaveTextContent(
      'All inbound requests: above 1 % since 14:22 (10 min). 1 min after v2 from 0 to 10 % at 14:21 by jonas.weber.',
    );
  });

  it('shows where values come from and how old they are', async () => {
    renderWithMesh(<EntityMeshContent />);
    const split = await card('Traffic split');
    expect(split).toHaveTextContent('v1');
    expect(split).toHaveTextContent('Configured90 %Observed89.4 %');
    expect(split).toHaveTextContent('In line: 1,743 and 207 requests');
    expect(split).toHaveTextContent('Set in payments/payments http[1]');
    expect(split).toHaveTextContent('6 s ago');

    const encryption = await card('Encryption');
    expect(encryption).toHaveTextContent('83.9 % encrypted');
    expect(encryption).toHaveTextContent('1,720 of 2,050 requests');
    expect(encryption).toHaveTextContent('spec.portLevelMtls.9100.mode');
    expect(
      within(encryption).getByRole('link', { name: 'catalog' }),
    ).toHaveAttribute('href', '/catalog/default/component/catalog/mesh');
  });

  it('lists callers and callees with rate, failures and owner', async () => {
    renderWithMesh(<EntityMeshContent />);
    const neighbours = await card('Neighbours');
    const callers = within(neighbours).getByRole('list', {
      name: 'Callers of payments',
    });
    expect(callers).toHaveTextContent('checkoutstorefront-team4.3 req/s3.2 %');
    expect(callers).toHaveTextContent('legacy-billing , outside the mesh');
    expect(
      within(neighbours).getByRole('list', { name: 'Called by payments' }),
    ).toHaveTextContent('cardnet.exampleexternal service');
  });

  it('has an address for each view and keeps window and clusters', async () => {
    const api = createFakeIstioApi();
    renderWithMesh(<EntityMeshContent />, {
      api,
      path: `${PAYMENTS_MESH_PATH}/traffic?window=1h&clusters=prod-eu`,
    });
    const routes = await card('Routes');
    expect(routes).toHaveTextContent('Never reached');
    expect(routes).toHaveTextContent(
      'Rule 2 takes every request before this one.',
    );
    expect(api.getComponentMesh).toHaveBeenCalledWith(
      'component:default/payments',
      { window: '1h', clusters: ['prod-eu'] },
      expect.anything(),
    );
    const views = screen.getByRole('navigation', { name: 'Mesh views' });
    expect(
      within(views).getByRole('link', { name: 'Traffic' }),
    ).toHaveAttribute('aria-current', 'page');
    expect(
      within(views).getByRole('link', { name: 'Overview' }),
    ).toHaveAttribute(
      'href',
      `${PAYMENTS_MESH_PATH}?window=1h&clusters=prod-eu`,
    );
  });

  it('offers the action only to who may use it', async () => {
    renderWithMesh(<EntityMeshContent />, {
      permitted: false,
      // Answers about permissions are kept for a while, by entity.
      entity: { ...paymentsEntity, metadata: { name: 'not-mine' } },
    });
    await card('Traffic split');
    expect(screen.queryByRole('button', { name: 'Actions' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Shift traffic/ })).toBeNull();
  });

  it('opens the form with the port that the Service says', async () => {
    // The route leaves the port to the Service.
    const routes = paymentsMesh.split!.routes.map(route => ({
      ...route,
      destinations: route.destinations.map(destination => ({
        ...destination,
        port: undefined,
      })),
    }));
    const split = { ...paymentsMesh.split!, routes };
    renderWithMesh(<EntityMeshContent />, {
      api: createFakeIstioApi({
        getComponentMesh: () => Promise.resolve({ ...paymentsMesh, split }),
      }),
    });
    await card('Traffic split');
    await userEvent.click(
      screen.getAllByRole('button', { name: /^Shift traffic/ })[0],
    );
    // Its code is loaded when it is first opened.
    const dialog = await screen.findByRole(
      'dialog',
      { name: 'Shift traffic' },
      { timeout: 20_000 },
    );
    expect(dialog).toHaveTextContent('payments, port 8080');
  });

  it('says why the clusters refuse', async () => {
    renderWithMesh(<EntityMeshContent />, {
      api: createFakeIstioApi({
        getEntityAccess: () => Promise.resolve(refusedByCluster),
      }),
    });
    // Reading the page asks the clusters nothing; a pointer on the action does.
    const shift = await screen.findAllByRole('button', {
      name: /^Shift traffic/,
    });
    expect(shift[0]).toBeEnabled();
    await userEvent.hover(screen.getByRole('button', { name: 'Actions' }));
    expect(
      await screen.findByText(/dan.osei may not patch virtualservices/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Actions' })).toBeDisabled();
    expect(screen.queryByRole('button', { name: /Shift traffic/ })).toBeNull();
  });

  it('opens the menu by keyboard', async () => {
    renderWithMesh(<EntityMeshContent />);
    const actions = await screen.findByRole('button', { name: 'Actions' });
    await waitFor(() => expect(actions).toBeEnabled());
    act(() => actions.focus());
    await userEvent.keyboard('{Enter}');
    expect(
      await screen.findByRole('menuitem', { name: 'Shift traffic' }),
    ).toBeInTheDocument();
  });

  it('names a stale cluster and a failed source, and keeps the rest', async () => {
    renderWithMesh(<EntityMeshContent />, {
      api: createFakeIstioApi({
        getComponentMesh: () =>
          Promise.resolve({
            ...paymentsMesh,
            clusters: [...paymentsMesh.clusters, staleCluster],
            errors: [
              {
                cluster: 'staging',
                source: 'prometheus',
                message: 'no answer within 5 s',
              },
            ],
          }),
      }),
    });
    expect(await card('Traffic split')).toBeInTheDocument();
    expect(screen.getByText('Metrics (Prometheus) of staging:')).toBeVisible();
    expect(
      screen.getByText(
        /Shown as it was at 14:25 UTC. Changes to staging are off/,
      ),
    ).toBeVisible();
    expect(screen.getByText(/^Stale/)).toHaveTextContent('Stale, 7 min ago');
  });

  it('teaches when nothing matches', async () => {
    renderWithMesh(<EntityMeshContent />, {
      api: createFakeIstioApi({
        getComponentMesh: () => Promise.resolve(unmatchedMesh),
      }),
    });
    expect(
      await screen.findByRole('heading', {
        name: 'No workload carries the label app=wiki',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/kubernetes-label-selector: app=wikis/),
    ).toBeVisible();
    expect(
      screen.getByText('label app is wikis, the entity asks for wiki'),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Actions' })).toBeNull();
  });

  it('says what failed and tries again', async () => {
    const getComponentMesh = jest
      .fn()
      .mockRejectedValueOnce(new Error('Bad Gateway'))
      .mockRejectedValueOnce(new Error('Bad Gateway'))
      .mockRejectedValueOnce(new Error('Bad Gateway'))
      .mockResolvedValue(paymentsMesh);
    renderWithMesh(<EntityMeshContent />, {
      api: createFakeIstioApi({ getComponentMesh }),
    });
    expect(
      await screen.findByText(
        'Bad Gateway',
        { exact: false },
        { timeout: 9000 },
      ),
    ).toHaveTextContent(
      'The mesh data of this component could not be loaded. Bad Gateway',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await card('Traffic split')).toBeInTheDocument();
  }, 15_000);

  it('asks again when an event names the component', async () => {
    let send: (entityRefs: string[]) => void = () => {};
    const api = createFakeIstioApi({
      subscribe: ({ onEvent, signal }) => {
        send = entityRefs => onEvent({ entityRefs });
        return new Promise(resolve =>
          signal.addEventListener('abort', () => resolve()),
        );
      },
    });
    renderWithMesh(<EntityMeshContent />, { api });
    await card('Traffic split');
    expect(api.getComponentMesh).toHaveBeenCalledTimes(1);

    send(['component:default/other']);
    send(['component:default/payments']);
    await waitFor(() => expect(api.getComponentMesh).toHaveBeenCalledTimes(2));
    expect(api.subscribe).toHaveBeenCalledTimes(1);
  });
});
