import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ComponentExposure,
  ComponentResilience,
  RequestAnswer,
} from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { FIXTURE_NOW, paymentsMesh } from '../../__testUtils__/fixtures';
import {
  PAYMENTS_MESH_PATH,
  renderWithMesh,
} from '../../__testUtils__/renderWithMesh';
import {
  destinationRule,
  virtualService,
} from '../../__testUtils__/routeFixtures';
import { EntityMeshContent } from '../meshTab/EntityMeshContent';

jest.setTimeout(30_000);

const [cluster] = paymentsMesh.clusters;
const surroundings = {
  entityRef: paymentsMesh.entityRef,
  clusters: [cluster],
  errors: [],
};

const answerTo: (
  question: RequestAnswer['question'],
) => RequestAnswer = question => ({
  entityRef: paymentsMesh.entityRef,
  question,
  cluster,
  answer: {
    outcome: 'routed',
    matched: true,
    rule: { object: virtualService, path: 'spec.http[1]', name: 'primary' },
    destinations: [
      {
        host: 'payments.payments.svc.cluster.local',
        subset: 'v2',
        port: 8080,
        percent: 100,
      },
    ],
    decidedBy: [],
    considered: [
      {
        object: virtualService,
        path: 'spec.http[0].match[0]',
        reason: 'noMatch',
        text: 'Header x-canary is not there.',
      },
    ],
    unreachable: [],
    shadowed: [],
    caveats: [],
  },
});

const resilience: ComponentResilience = {
  ...surroundings,
  items: [
    {
      cluster: cluster.name,
      client: { namespace: 'payments' },
      routes: [],
      destinations: [
        {
          host: 'payments.payments.svc.cluster.local',
          port: 8080,
          settings: [
            {
              setting: 'connectionPool',
              state: 'on',
              text: '100 open, 50 waiting',
              decidedBy: {
                by: 'object',
                object: destinationRule,
                fieldPath: 'spec.trafficPolicy.connectionPool',
              },
              overruled: [],
            },
          ],
        },
      ],
      rateLimits: [],
      rateLimitsKnown: false,
      otherCallers: [],
      caveats: [],
    },
  ],
};

const exposure: ComponentExposure = {
  ...surroundings,
  items: [
    {
      cluster: cluster.name,
      gateways: [
        {
          gateway: { ...virtualService, kind: 'Gateway', name: 'public' },
          fieldPath: 'spec.servers[0]',
          host: 'shop.example',
          port: 443,
          protocol: 'https',
          tls: 'SIMPLE',
          httpsRedirect: false,
          certificates: [
            {
              kind: 'Secret',
              namespace: 'edge',
              name: 'shop-cert',
              fieldPath: 'spec.servers[0].tls.credentialName',
              certificate: {
                state: 'known',
                expiry: 'soon',
                notAfter: '2026-08-02T00:00:00.000Z',
                dnsNames: ['shop.example'],
                text: 'Ends in 18 days, on 2026-08-02.',
                decidedBy: {
                  object: {
                    ...virtualService,
                    apiVersion: 'cert-manager.io/v1',
                    kind: 'Certificate',
                    name: 'shop',
                  },
                  fieldPath: 'status.notAfter',
                },
              },
            },
            {
              kind: 'Secret',
              namespace: 'edge',
              name: 'shop-ca',
              fieldPath: 'spec.servers[0].tls.caCertCredentialName',
              certificate: {
                state: 'unknown',
                expiry: 'unknown',
                dnsNames: [],
                text: 'When it ends is not known. The Secret was not looked at.',
              },
            },
          ],
          rules: [{ object: virtualService, fieldPath: 'spec.http[0]' }],
          services: [],
          caveats: [],
        },
      ],
      services: [],
      outbound: {
        mode: 'any',
        text: 'Anything: hosts nobody declared are sent on as they are',
        decidedBy: [{ by: 'istioDefault', note: 'ALLOW_ANY' }],
        hosts: [],
      },
      caveats: [],
    },
  ],
};

function show(search = '', exposed = exposure) {
  const api = createFakeIstioApi({
    askRequest: (_, question) =>
      Promise.resolve(answerTo(question as RequestAnswer['question'])),
    getResilience: () => Promise.resolve(resilience),
    getExposure: () => Promise.resolve(exposed),
  });
  renderWithMesh(<EntityMeshContent />, {
    api,
    path: `${PAYMENTS_MESH_PATH}/traffic${search}`,
  });
  return api;
}

describe('TrafficView', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('answers the question in its address', async () => {
    const api = show(
      '?in=prod-eu&caller=workload%3Astorefront%2Fcheckout&target=payments%3A8080&method=POST&path=%2Fcharges&header=x-a%3A+1',
    );
    const card = await screen.findByRole('region', {
      name: 'Where would this request go?',
    });
    expect(
      await within(card).findByText('Goes to v2 on port 8080.'),
    ).toBeInTheDocument();
    expect(card).toHaveTextContent('Rule 1 “canary-header” does not match');
    expect(card).toHaveTextContent('Header x-canary is not there.');
    expect(card).toHaveTextContent('v2 is the destination');
    expect(api.askRequest.mock.calls[0][1]).toEqual({
      cluster: 'prod-eu',
      from: { kind: 'workload', namespace: 'storefront', name: 'checkout' },
      host: 'payments',
      port: 8080,
      method: 'POST',
      path: '/charges',
      headers: { 'x-a': '1' },
    });
  });

  it('proposes a caller that was seen, and asks nothing until told to', async () => {
    const api = show();
    const card = await screen.findByRole('region', {
      name: 'Where would this request go?',
    });
    const ask = await within(card).findByRole('button', { name: 'Ask' });
    expect(api.askRequest).not.toHaveBeenCalled();
    await userEvent.click(ask);
    expect(
      await screen.findByText('Goes to v2 on port 8080.'),
    ).toBeInTheDocument();
    expect(api.askRequest.mock.calls[0][1]).toMatchObject({
      from: { kind: 'workload', namespace: 'storefront', name: 'checkout' },
    });
  });

  it('tells what is in force and who decided it, and does not take unread for none', async () => {
    show();
    const card = await screen.findByRole('region', {
      name: 'Resilience in force',
    });
    expect(
      await within(card).findByText('100 open, 50 waiting'),
    ).toBeInTheDocument();
    expect(card).toHaveTextContent('spec.trafficPolicy.connectionPool');
    const limit = within(card).getByRole('row', { name: /Rate limit/ });
    expect(limit).toHaveTextContent('Unknown');
    expect(limit).toHaveTextContent('could not be read');
  });

  it('tells through which gateway it is reached, and how that is encrypted', async () => {
    show();
    const card = await screen.findByRole('region', {
      name: 'Outside the cluster',
    });
    expect(
      await within(card).findByText('https://shop.example'),
    ).toBeInTheDocument();
    expect(card).toHaveTextContent('Encrypted, the gateway opens it (SIMPLE)');
    expect(card).toHaveTextContent(
      'Ends soon Certificate edge/shop-cert. Ends in 18 days, on 2026-08-02.',
    );
    expect(card).toHaveTextContent('status.notAfter');
    expect(card).toHaveTextContent(
      'Unknown Certificate edge/shop-ca. When it ends is not known.',
    );
  });

  it('does not hide a certificate that ended behind that of another cluster', async () => {
    const [item] = exposure.items;
    const [gateway] = item.gateways;
    const [named] = gateway.certificates;
    const ended = {
      ...gateway,
      certificates: [
        {
          ...named,
          certificate: {
            ...named.certificate,
            expiry: 'expired' as const,
            notAfter: '2026-07-01T00:00:00.000Z',
            text: 'Ended 13 days ago, on 2026-07-01.',
          },
        },
      ],
    };
    show('', {
      ...exposure,
      items: [item, { ...item, cluster: 'staging', gateways: [ended] }],
    });
    const card = await screen.findByRole('region', {
      name: 'Outside the cluster',
    });
    expect(await within(card).findByText('Ends soon')).toBeInTheDocument();
    const row = within(card).getByText('Ended').closest('tr');
    expect(row).toHaveTextContent('Ended 13 days ago, on 2026-07-01.');
    expect(row).toHaveTextContent('staging');
  });
});
