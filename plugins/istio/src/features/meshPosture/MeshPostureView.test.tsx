import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { MeshPosture } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { FIXTURE_NOW, paymentsMesh } from '../../__testUtils__/fixtures';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import {
  paymentsSecurity,
  tooLittle,
} from '../../__testUtils__/securityFixtures';
import { MeshPage } from '../meshPage/MeshPage';

jest.setTimeout(30_000);

const posture: MeshPosture = {
  evidence: paymentsSecurity.evidence,
  items: [
    {
      namespace: 'fraud',
      clusters: ['prod-eu'],
      entityRefs: [],
      readiness: tooLittle,
    },
    {
      namespace: 'payments',
      clusters: ['prod-eu', 'prod-us'],
      entityRefs: ['component:default/payments'],
      readiness: paymentsSecurity.readiness!,
    },
  ],
  total: 45,
  all: 45,
  clusters: paymentsMesh.clusters,
  errors: [],
};

function show(path = '/mesh/posture', answer: Partial<MeshPosture> = {}) {
  const api = createFakeIstioApi({
    getPosture: async () => ({ ...posture, ...answer }),
  });
  renderWithMesh(<MeshPage />, { api, path, mountPath: '/mesh' });
  return { api, user: userEvent.setup() };
}

describe('security posture of the mesh', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is one click from the components', async () => {
    const { user } = show('/mesh');
    await user.click(
      await screen.findByRole('link', { name: 'Security posture' }),
    );
    expect(
      await screen.findByRole('rowheader', { name: /payments/ }),
    ).toBeInTheDocument();
  });

  it('names who would break, and leads to the components’ Security view', async () => {
    show();
    const row = await screen.findByRole('row', { name: /^payments/ });
    expect(row).toHaveTextContent('Not ready');
    expect(row).toHaveTextContent('legacy/legacy-billing');
    expect(row).toHaveTextContent('its pods have no proxy');
    expect(within(row).getByRole('link', { name: 'payments' })).toHaveAttribute(
      'href',
      '/catalog/default/component/payments/mesh/security',
    );
  });

  it('takes unseen traffic for no proof', async () => {
    show();
    const row = await screen.findByRole('row', { name: /^fraud/ });
    expect(row).toHaveTextContent('Not enough traffic to say');
    expect(row).toHaveTextContent('nobody that was seen');
    expect(row).toHaveTextContent('none in the catalog');
  });

  it('keeps search, window and page in the URL', async () => {
    const { api, user } = show('/mesh/posture?over=6h&search=pay&offset=20');
    await screen.findByRole('row', { name: /^payments/ });
    const asked = () => api.getPosture.mock.lastCall?.[0];
    expect(asked()).toEqual({
      over: '6h',
      search: 'pay',
      offset: 20,
      limit: 20,
    });
    await user.click(screen.getByRole('button', { name: 'Next' }));
    expect(asked()).toMatchObject({ search: 'pay', offset: 40 });
  });

  it('says that nothing matches, and that nothing may be seen', async () => {
    show('/mesh/posture?search=x', { items: [], total: 0 });
    expect(
      await screen.findByText('No namespace matches this search.'),
    ).toBeInTheDocument();
  });
});
