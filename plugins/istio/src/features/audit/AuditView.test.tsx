import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import { MeshPage } from '../meshPage/MeshPage';
import { buildEntry, coverage, entries, report } from './__fixtures__/audit';

jest.setTimeout(30_000);

function show(path = '/mesh/audit', options: { api?: Partial<IstioApi> } = {}) {
  const api = createFakeIstioApi({
    listAuditEntries: async () => ({ items: entries }),
    getAuditCoverage: async () => coverage,
    ...options.api,
  });
  renderWithMesh(<MeshPage />, { api, path, mountPath: '/mesh' });
  return { api, user: userEvent.setup() };
}

const asked = (api: ReturnType<typeof createFakeIstioApi>) =>
  api.listAuditEntries.mock.lastCall?.[0];

describe('the audit log', () => {
  it('shows an operation as one row that an auditor can read', async () => {
    show();
    const row = await screen.findByRole('row', { name: /reviews: v2 from/ });
    for (const text of [
      '14 Jul 2026',
      '14:23:08 UTC',
      'mira.kovac',
      'prod-eu',
      'VirtualService catalog/reviews',
      'Start the canary',
      'CAT-7',
      'Verified',
      'entries 1 to 3',
    ]) {
      expect(row).toHaveTextContent(text);
    }
    expect(
      await screen.findByText(/Checkpoint 4 covers those up to 3/),
    ).toHaveTextContent('kept outside the database too: worm');
  });

  it('keeps every filter in the URL and asks for it', async () => {
    const { api, user } = show(
      '/mesh/audit?cluster=prod-eu&result=denied&from=2026-07-01T00:00:00.000Z&kind=nonsense',
    );
    await screen.findByRole('row', { name: /reviews: v2 from/ });
    expect(asked(api)).toEqual({
      cluster: 'prod-eu',
      result: 'denied',
      from: '2026-07-01T00:00:00.000Z',
      scope: 'components',
      limit: 50,
      cursor: undefined,
    });
    expect(screen.getByLabelText('From')).toHaveValue('2026-07-01');
    await user.type(
      screen.getByRole('textbox', { name: 'Who' }),
      'mira.kovac{Enter}',
    );
    expect(asked(api)).toMatchObject({
      by: 'user:default/mira.kovac',
      result: 'denied',
    });
  });

  it('goes on where a page ended', async () => {
    const { api, user } = show('/mesh/audit', {
      api: {
        listAuditEntries: async query =>
          query?.cursor
            ? { items: [buildEntry(1, 'denied', { opId: 'OLD' })] }
            : { items: entries.slice(0, 2), nextCursor: '2' },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Load more' }));
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(3));
    expect(asked(api)).toMatchObject({ cursor: '2' });
  });

  it('opens the thread with diff, every entry, its hash and what covers it', async () => {
    const { user } = show('/mesh/audit?thread=OP1');
    const thread = await screen.findByRole('region', {
      name: 'reviews: v2 from 0 to 10 %',
    });
    expect(thread).toHaveTextContent('weight: 10');
    expect(thread).toHaveTextContent('Details of this thread were taken out');
    const steps = within(thread).getByRole('list', {
      name: 'Entries of this thread',
    });
    expect(
      within(steps)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent?.split(/[\d:]/)[0]),
    ).toEqual(['Recorded before sending', 'Applied', 'Verified']);
    expect(steps).toHaveTextContent('3'.repeat(64));
    expect(thread).toHaveTextContent(
      'Entries 1 to 3, last hash 3333…3333, covered by signed checkpoint 4, kept in worm',
    );
    expect(
      within(thread).getByRole('link', { name: 'Open in Changes' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/reviews/mesh/changes?change=OP1',
    );
    expect(within(thread).getByRole('link', { name: 'OP0' })).toHaveAttribute(
      'href',
      '/mesh/audit?thread=OP0',
    );
    await user.click(within(thread).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('link', { name: 'Open in Changes' })).toBeNull();
  });

  it('exports with the filters that are set', async () => {
    const createObjectURL = jest.fn(() => 'blob:x');
    Object.assign(URL, { createObjectURL, revokeObjectURL: jest.fn() });
    const { api, user } = show('/mesh/audit?ticket=CAT-7', {
      api: {
        exportAuditLog: async () =>
          ({
            headers: new Headers(),
            blob: async () => new Blob(['x']),
          } as Response),
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Export' }));
    await user.click(await screen.findByRole('menuitem', { name: /^CSV/ }));
    await waitFor(() =>
      expect(api.exportAuditLog).toHaveBeenCalledWith({
        ticket: 'CAT-7',
        scope: 'components',
        format: 'csv',
      }),
    );
    await waitFor(() => expect(createObjectURL).toHaveBeenCalled());
  });

  it('warns when nothing outside the database speaks for it', async () => {
    show('/mesh/audit', {
      api: { getAuditCoverage: async () => ({ ...coverage, anchors: [] }) },
    });
    expect(
      await screen.findByText(
        /Tamper-evident only against edits by people without the signing key/,
      ),
    ).toBeVisible();
  });
});

describe('the verification report', () => {
  it('names each problem with its place, the anchors, and what nobody may conclude', async () => {
    const { api, user } = show('/mesh/audit/verification', {
      api: { verifyAuditLog: async () => report },
    });
    expect(
      await screen.findByRole('heading', { name: 'The log is not intact' }),
    ).toBeVisible();
    const problem = screen.getByRole('row', { name: /Entry 2/ });
    expect(problem).toHaveTextContent('its columns do not give its hash');
    expect(problem).toHaveTextContent('headerAltered');
    expect(await screen.findByText('Contradicts the log')).toBeVisible();
    expect(
      screen.getByRole('region', { name: 'What it does not prove' }),
    ).toHaveTextContent('only against edits by people without the signing key');
    expect(screen.getByText('Entry 2, redacted as entry 3 says')).toBeVisible();
    expect(screen.getByText(/--key 'portal.example.com/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Verify again' }));
    expect(api.verifyAuditLog).toHaveBeenCalledTimes(2);
  });
});
