import { screen, waitFor } from '@testing-library/react';
import { FIXTURE_NOW, unmatchedMesh } from '../../__testUtils__/fixtures';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import {
  EntityHealthCard,
  EntityMtlsCard,
  EntityTrafficSplitCard,
} from './entityCards';

const allCards = (
  <>
    <EntityHealthCard />
    <EntityMtlsCard />
    <EntityTrafficSplitCard />
  </>
);

describe('entity cards', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('say cause and detail, and lead to the tab', async () => {
    renderWithMesh(<EntityHealthCard />);
    expect(
      await screen.findByText('All 41 failures came from v2; v1 had none.'),
    ).toBeInTheDocument();
    const card = screen.getByRole('region', { name: 'Health' });
    expect(card).toHaveTextContent('Degraded: 3.2 % of requests from checkout');
    expect(screen.getByRole('link', { name: 'Open Mesh' })).toHaveAttribute(
      'href',
      '/catalog/default/component/payments/mesh',
    );
  });

  it('share one request and one event stream', async () => {
    const api = createFakeIstioApi();
    renderWithMesh(allCards, { api });
    expect(await screen.findByText('89.4 %')).toBeInTheDocument();
    expect(screen.getByText('83.9 %')).toBeInTheDocument();
    expect(api.getComponentMesh).toHaveBeenCalledTimes(1);
    expect(api.subscribe).toHaveBeenCalledTimes(1);
  });

  it('teach when nothing matches', async () => {
    renderWithMesh(<EntityTrafficSplitCard />, {
      api: createFakeIstioApi({
        getComponentMesh: () => Promise.resolve(unmatchedMesh),
      }),
    });
    expect(
      await screen.findByText('No workload carries the label app=wiki'),
    ).toBeInTheDocument();
  });

  it('keep what works when the course over time fails', async () => {
    renderWithMesh(<EntityHealthCard />, {
      api: createFakeIstioApi({
        getGoldenSignals: () => Promise.reject(new Error('prometheus is away')),
      }),
    });
    await waitFor(
      () =>
        expect(screen.getByRole('alert')).toHaveTextContent(
          'The course of rate, errors and latency could not be loaded. prometheus is away',
        ),
      { timeout: 9000 },
    );
    expect(screen.getByText(/fail with 503/)).toBeInTheDocument();
  }, 15_000);
});
