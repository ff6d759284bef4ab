import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FIXTURE_NOW, componentList } from '../../__testUtils__/fixtures';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import { MeshPage } from './MeshPage';

jest.setTimeout(30_000);

const render = (options: Parameters<typeof renderWithMesh>[1] = {}) =>
  renderWithMesh(<MeshPage />, {
    path: '/mesh',
    mountPath: '/mesh',
    ...options,
  });

describe('MeshPage', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('shows clusters with their age and rows with cause, split and change', async () => {
    render();
    const clusters = await screen.findByRole('list', { name: 'Clusters' });
    const [prodEu, , staging] = within(clusters).getAllByRole('listitem');
    expect(prodEu).toHaveTextContent('prod-euFresh, 4 s agoIstio 1.31.0');
    expect(staging).toHaveTextContent('Stale, 7 min ago');
    expect(staging).toHaveTextContent('Changes to staging are off.');

    const payments = screen.getByRole('row', { name: /payments/ });
    expect(payments).toHaveTextContent('Degraded');
    expect(payments).toHaveTextContent('3.2 % of requests from checkout fail');
    expect(payments).toHaveTextContent('v190 % 89.4 %');
    expect(payments).toHaveTextContent('v2 from 0 to 10 %14:21, jonas.weber');
    expect(
      within(payments).getByRole('link', { name: 'payments' }),
    ).toHaveAttribute('href', '/catalog/default/component/payments/mesh');
    expect(screen.getByRole('row', { name: /reviews/ })).toHaveTextContent(
      'staging, stale',
    );
    expect(
      screen.getByRole('row', { name: /legacy-billing/ }),
    ).toHaveTextContent('Outside the mesh');
  });

  it('says which clusters give the traffic', async () => {
    render();
    expect(await screen.findByText(/3 of 3 components/)).toHaveTextContent(
      '3 of 3 components. Traffic from prod-eu and prod-us, 14:27 to 14:32; without staging.',
    );
  });

  it('counts the whole mesh in the header, whatever is filtered', async () => {
    const filtered = { ...componentList, all: 41, total: 3 };
    render({
      path: '/mesh?search=pay',
      api: createFakeIstioApi({
        listComponents: () => Promise.resolve(filtered),
      }),
    });
    expect(await screen.findByText('41')).toBeInTheDocument();
    expect(screen.getByText(/3 of 3 components/)).toBeInTheDocument();
  });

  it('asks for what the URL says', async () => {
    const api = createFakeIstioApi();
    render({
      api,
      path: '/mesh?owner=group:default/payments-team&sort=name&order=desc&offset=50&window=1h',
    });
    await screen.findByRole('row', { name: /payments/ });
    expect(api.listComponents).toHaveBeenCalledWith(
      expect.objectContaining({
        owner: 'group:default/payments-team',
        sort: 'name',
        order: 'desc',
        offset: 50,
        window: '1h',
      }),
      expect.anything(),
    );
  });

  it('filters by status, searches and sorts through the backend', async () => {
    const api = createFakeIstioApi();
    render({ api });
    await userEvent.click(
      await screen.findByRole('button', { name: /1 degraded/ }),
    );
    await waitFor(() =>
      expect(api.listComponents).toHaveBeenLastCalledWith(
        expect.objectContaining({ status: 'degraded' }),
        expect.anything(),
      ),
    );
    await userEvent.type(screen.getByRole('searchbox'), 'pay');
    await waitFor(() =>
      expect(api.listComponents).toHaveBeenLastCalledWith(
        expect.objectContaining({ status: 'degraded', search: 'pay' }),
        expect.anything(),
      ),
    );
    await userEvent.click(screen.getByRole('columnheader', { name: /req\/s/ }));
    await waitFor(() =>
      expect(api.listComponents).toHaveBeenLastCalledWith(
        expect.objectContaining({ sort: 'requests', search: 'pay' }),
        expect.anything(),
      ),
    );
  });

  it('pages when there are more than fit', async () => {
    const api = createFakeIstioApi({
      listComponents: () => Promise.resolve({ ...componentList, total: 1200 }),
    });
    render({ api });
    await userEvent.click(await screen.findByRole('button', { name: /next/i }));
    await waitFor(() =>
      expect(api.listComponents).toHaveBeenLastCalledWith(
        expect.objectContaining({ offset: 50 }),
        expect.anything(),
      ),
    );
  });

  it('says what failed', async () => {
    render({
      api: createFakeIstioApi({
        listComponents: () => Promise.reject(new Error('Bad Gateway')),
      }),
    });
    expect(
      await screen.findByRole('alert', undefined, { timeout: 9000 }),
    ).toHaveTextContent(
      'The list of components could not be loaded. Bad Gateway',
    );
  });
});
