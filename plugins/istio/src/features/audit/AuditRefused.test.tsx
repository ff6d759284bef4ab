import { screen } from '@testing-library/react';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { refusal } from '../../__testUtils__/refusal';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import { MeshPage } from '../meshPage/MeshPage';
import { coverage, entries } from './__fixtures__/audit';

jest.setTimeout(30_000);

/** In a file of its own: what somebody may is remembered as long as the page lives. */
function show(path: string, overrides: Partial<IstioApi> = {}) {
  const api = createFakeIstioApi({
    listAuditEntries: async () => ({ items: entries }),
    getAuditCoverage: async () => coverage,
    ...overrides,
  });
  renderWithMesh(<MeshPage />, {
    api,
    path,
    mountPath: '/mesh',
    permitted: false,
  });
  return api;
}

describe('the audit log for who may not', () => {
  it('says why somebody may not read, verify or export', async () => {
    show('/mesh/audit?entityRef=component:default/payments', {
      listAuditEntries: () =>
        refusal(403, 'You may not read the record').then(error =>
          Promise.reject(error),
        ),
    });
    expect(
      await screen.findByText(/You may not read this part of the log/),
    ).toBeVisible();
    expect(
      await screen.findByText(/need permission istio.audit.export/),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
  });

  it('does not start for who may not, and says what would allow it', async () => {
    const api = show('/mesh/audit/verification');
    expect(
      await screen.findByText('You may not verify this log'),
    ).toBeVisible();
    expect(api.verifyAuditLog).not.toHaveBeenCalled();
  });
});
