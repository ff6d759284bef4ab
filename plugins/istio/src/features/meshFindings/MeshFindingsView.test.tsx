import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { FindingList } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { FIXTURE_NOW } from '../../__testUtils__/fixtures';
import { findingList } from '../../__testUtils__/findingFixtures';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import { MeshPage } from '../meshPage/MeshPage';

jest.setTimeout(30_000);

function show(options: { path?: string; list?: Partial<FindingList> } = {}) {
  const { path = '/mesh/findings', list } = options;
  const api = createFakeIstioApi({
    listFindings: async () => ({ ...findingList, ...list }),
  });
  renderWithMesh(<MeshPage />, { api, path, mountPath: '/mesh' });
  return { api, user: userEvent.setup() };
}

const asked = (api: ReturnType<typeof createFakeIstioApi>) =>
  api.listFindings.mock.calls[api.listFindings.mock.calls.length - 1][0];

describe('findings of the mesh', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are one click from the components', async () => {
    const { user } = show({ path: '/mesh' });
    await user.click(await screen.findByRole('link', { name: 'Findings' }));
    expect(
      await screen.findByRole('button', { name: /No pod carries version=v4/ }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Findings' })).toHaveAttribute(
      'aria-current',
      'page',
    );
  });

  it('name components and owners, and count by severity', async () => {
    show();
    const card = await screen.findByRole('region', { name: 'Findings' });
    expect(card).toHaveTextContent('2 of 2');
    expect(
      within(card).getAllByRole('link', { name: 'payments' })[0],
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/payments/mesh/findings?finding=ISB0204%2FDestinationRule%2Fpayments%2Fpayments%2Fspec.subsets%5B3%5D',
    );
    expect(card).toHaveTextContent('payments of payments-team');
    const severities = screen.getByRole('group', { name: 'Severity' });
    expect(severities).toHaveTextContent('2 all1 errors1 warnings0 notes');
  });

  it('ask for what the URL says, and put a filter into it', async () => {
    const { api, user } = show({
      path: '/mesh/findings?kind=DestinationRule&sort=code&offset=50',
      list: { total: 120 },
    });
    await screen.findByRole('region', { name: 'Findings' });
    expect(asked(api)).toMatchObject({
      kind: 'DestinationRule',
      sort: 'code',
      offset: 50,
      limit: 50,
    });
    expect(
      screen.getByRole('navigation', { name: 'Pages of findings' }),
    ).toHaveTextContent('51 to 100 of 120');
    await user.click(screen.getByRole('button', { name: 'Next' }));
    expect(asked(api)).toMatchObject({ kind: 'DestinationRule', offset: 100 });
    await user.click(screen.getByRole('button', { name: /errors/ }));
    expect(asked(api)).toMatchObject({
      kind: 'DestinationRule',
      severity: 'error',
      offset: 0,
    });
  });

  it('are never none where a cluster was not read', async () => {
    show({
      list: {
        items: [],
        all: 0,
        total: 0,
        clusters: [{ ...findingList.clusters[0], state: 'unreachable' }],
      },
    });
    expect(
      await screen.findByText('Unknown: prod-eu has not been read.'),
    ).toBeInTheDocument();
  });

  it('say that filters hide all', async () => {
    show({ path: '/mesh/findings?search=x', list: { items: [], total: 0 } });
    expect(
      await screen.findByText('No finding matches these filters.'),
    ).toBeInTheDocument();
  });
});
