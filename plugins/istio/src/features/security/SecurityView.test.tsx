import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FIXTURE_NOW, paymentsMesh } from '../../__testUtils__/fixtures';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import {
  PAYMENTS_MESH_PATH,
  renderWithMesh,
} from '../../__testUtils__/renderWithMesh';
import { EntityMeshContent } from '../meshTab/EntityMeshContent';
import {
  denied,
  notReady,
  paymentsSecurity,
  tooLittle,
} from '../../__testUtils__/securityFixtures';

jest.setTimeout(30_000);

const PATH = `${PAYMENTS_MESH_PATH}/security`;

function render(
  overrides: Parameters<typeof createFakeIstioApi>[0] = {},
  path = PATH,
) {
  const api = createFakeIstioApi({
    getSecurity: () => Promise.resolve(paymentsSecurity),
    askAuthorization: () => Promise.resolve(denied),
    ...overrides,
  });
  renderWithMesh(<EntityMeshContent />, { api, path });
  return api;
}

async function verdict() {
  return screen.findByTestId('strict-verdict');
}

describe('SecurityView', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('says whether it can go strict, who would break and how to fix each', async () => {
    render();
    expect(await verdict()).toHaveTextContent(
      'Not ready: 2 callers would break',
    );
    const list = screen.getByRole('list', { name: 'Who would break' });
    const [catalog, billing] = within(list).getAllByRole('listitem');
    expect(catalog).toHaveTextContent('230 requests, 1.0 per second');
    expect(catalog).toHaveTextContent('in the last 5 min');
    expect(catalog).toHaveTextContent(
      'Remove spec.trafficPolicy.tls of DestinationRule catalog/payments-plain',
    );
    expect(catalog).toHaveTextContent('Unless it calls port 9100 only');
    expect(
      within(catalog).getByRole('link', { name: 'catalog-v1' }),
    ).toHaveAttribute('href', '/catalog/default/component/catalog/mesh');
    expect(
      within(catalog).getByRole('link', { name: 'catalog-team' }),
    ).toBeInTheDocument();
    expect(billing).toHaveTextContent('Add namespace legacy to the mesh');
    expect(billing).toHaveTextContent(
      'in the last 24 h, not in the last 5 min',
    );
  });

  it('answers for the namespace, and keeps that in the address', async () => {
    const api = render({
      getNamespaceReadiness: () =>
        Promise.resolve({
          entityRef: paymentsSecurity.entityRef,
          evidence: paymentsSecurity.evidence,
          items: [{ namespace: 'payments', readiness: tooLittle }],
          clusters: paymentsSecurity.clusters,
          errors: [],
        }),
    });
    await verdict();
    expect(api.getNamespaceReadiness).not.toHaveBeenCalled();
    await userEvent.click(
      screen.getByRole('button', { name: 'Namespace payments' }),
    );
    expect(
      await screen.findByText(/nobody called payments\/fraud-check-v1/),
    ).toBeInTheDocument();
    expect((await verdict()).querySelector('[data-status]')).toHaveAttribute(
      'data-status',
      'notEnough',
    );
  });

  it.each([
    ['unknown', 'unknown'],
    ['notEnoughTraffic', 'notEnough'],
    ['outside', 'outsideMesh'],
    ['notReady', 'notReady'],
  ] as const)(
    'shows %s as its own state, never as well',
    async (state, look) => {
      render({
        getSecurity: () =>
          Promise.resolve({
            ...paymentsSecurity,
            readiness: { ...notReady, verdict: state, breaks: [] },
          }),
      });
      expect((await verdict()).querySelector('[data-status]')).toHaveAttribute(
        'data-status',
        look,
      );
    },
  );

  it('lists who calls, by identity and encryption, beside who may', async () => {
    render();
    const card = await screen.findByRole('region', {
      name: 'Who calls payments',
    });
    const row = (name: string) =>
      within(card).getByRole('row', { name: new RegExp(`^${name}`) });
    expect(row('checkout')).toHaveTextContent(
      'checkoutstorefront-teamstorefront/checkoutproven by certificateYes1,280 requests4.3 per secondRule 1 payments/allow-callers',
    );
    expect(row('legacy-billing')).toHaveTextContent('None sent');
    expect(row('legacy-billing')).toHaveTextContent(
      'Rule 2depends on request path',
    );
    expect(row('Unknown caller')).toHaveTextContent('Unknown');
    expect(row('Unknown caller')).not.toHaveTextContent('Yes');
    expect(row('Rule 1')).toHaveTextContent(
      'storefront/checkout or storefront/goneany request1 caller',
    );
    expect(row('Rule 2')).toHaveTextContent('prove no identity');
    expect(card).toHaveTextContent('1 grant nobody used in 24 h.');
  });

  it('warns where no policy is in force', async () => {
    render({
      getSecurity: () =>
        Promise.resolve({
          ...paymentsSecurity,
          access: { ...paymentsSecurity.access!, policies: [] },
        }),
    });
    expect(
      await screen.findByText(/whoever reaches it may call/),
    ).toBeInTheDocument();
  });

  it('asks the question that the address carries and shows what decided', async () => {
    const api = render(
      {},
      `${PATH}?caller=catalog%2Fratings-v1&method=POST&path=%2Fcharges`,
    );
    const answer = await screen.findByTestId('authorization-answer');
    expect(api.askAuthorization).toHaveBeenCalledWith(
      'component:default/payments',
      { from: 'catalog/ratings-v1', method: 'POST', path: '/charges' },
      expect.anything(),
    );
    expect(answer).toHaveTextContent('No. payments turns it away');
    expect(answer).toHaveTextContent(
      'identity cluster.local/ns/catalog/sa/ratings, to port 8080',
    );
    expect(answer).toHaveTextContent('ALLOW policy does not match');
    expect(answer).toHaveTextContent('Decided by');
    expect(
      within(answer).getAllByRole('link', {
        name: 'AuthorizationPolicy payments/allow-callers, field spec.rules',
      }),
    ).toHaveLength(2);
  });

  it('asks by hand, an address as one, and says what cannot be asked', async () => {
    const api = render();
    const form = await screen.findByRole('form', {
      name: 'Who can call payments',
    });
    await userEvent.click(within(form).getByRole('button', { name: 'Ask' }));
    expect(await within(form).findByRole('alert')).toHaveTextContent(
      'Say who calls.',
    );
    expect(api.askAuthorization).not.toHaveBeenCalled();
    await userEvent.type(
      within(form).getByRole('combobox', { name: /Caller/ }),
      '10.20.9.41',
    );
    // While its list is open the rest of the page is not there for who cannot see it.
    await userEvent.tab();
    await userEvent.type(
      within(form).getByRole('textbox', { name: /Path/ }),
      '/plans',
    );
    await userEvent.click(within(form).getByRole('button', { name: 'Ask' }));
    await screen.findByTestId('authorization-answer');
    expect(api.askAuthorization).toHaveBeenCalledWith(
      'component:default/payments',
      { fromIp: '10.20.9.41', path: '/plans' },
      expect.anything(),
    );
  });

  it('keeps what is known when a source or the whole answer fails', async () => {
    render({ getSecurity: () => Promise.reject(new Error('no answer')) });
    expect(
      await screen.findByText(
        /The security of this component could not/,
        {},
        // It is asked again twice before it counts as failed.
        { timeout: 15_000 },
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'Encryption per port' }),
    ).toHaveTextContent(String(paymentsMesh.mtls?.ports[0].port));
  });

  it('names a failing source and keeps the cards', async () => {
    render({
      getSecurity: () =>
        Promise.resolve({
          ...paymentsSecurity,
          errors: [
            {
              cluster: 'prod-us',
              source: 'prometheus' as const,
              message: 'Prometheus does not answer (cluster prod-us)',
            },
          ],
        }),
    });
    await verdict();
    expect(screen.getByText(/Prometheus does not answer/)).toBeInTheDocument();
  });
});
