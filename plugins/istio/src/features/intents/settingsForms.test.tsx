import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ComponentMesh,
  DecidedBy,
  IstioApi,
  ResilienceAnswer,
  ResilienceSetting,
} from '@istio-backstage/plugin-istio-common';
import { IstioSurface } from '../../data';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import {
  REVIEWS_REF,
  buildPreview,
  reviewsRoute,
} from '../changes/__fixtures__/changes';
import { IntentHost } from './IntentHost';
import {
  buildSplit,
  reviewsServices,
} from './shiftTraffic/__fixtures__/reviewsSplit';

// Typing and choosing letter by letter takes seconds where the machine is busy.
jest.setTimeout(30_000);

const HOST = 'reviews.catalog.svc.cluster.local';
const byRule: DecidedBy = {
  by: 'object',
  object: reviewsRoute('prod-eu'),
  fieldPath: 'spec.http[0].timeout',
};
const byDefault: DecidedBy = { by: 'istioDefault', note: '' };

const setting = (
  name: ResilienceSetting['setting'],
  more: Partial<ResilienceSetting>,
): ResilienceSetting => ({
  setting: name,
  state: 'off',
  text: 'None',
  decidedBy: byDefault,
  overruled: [],
  ...more,
});

const resilience: ResilienceAnswer = {
  cluster: 'prod-eu',
  client: { namespace: 'catalog' },
  routes: [
    {
      host: HOST,
      port: 9080,
      object: reviewsRoute('prod-eu'),
      fieldPath: 'spec.http[0]',
      settings: [
        setting('timeout', {
          state: 'on',
          text: '10 s',
          value: { timeout: '10s' },
          decidedBy: byRule,
        }),
        setting('retries', { state: 'on', text: '2' }),
      ],
      faults: [],
    },
  ],
  destinations: [
    {
      host: HOST,
      port: 9080,
      settings: [
        setting('connectionPool', {
          state: 'on',
          text: '100 open',
          value: { maxConnections: 100 },
          decidedBy: {
            by: 'object',
            object: { ...reviewsRoute('prod-eu'), kind: 'DestinationRule' },
            fieldPath: 'spec.trafficPolicy.connectionPool',
          },
        }),
        setting('outlierDetection', {}),
      ],
    },
  ],
  rateLimits: [],
  rateLimitsKnown: true,
  otherCallers: [],
  caveats: [],
};

const mesh = {
  clusters: ['prod-eu', 'prod-us'].map(name => ({ name, state: 'fresh' })),
  match: { services: reviewsServices, workloads: [], nearMisses: [] },
  split: buildSplit(),
} as unknown as ComponentMesh;

async function open(type: 'timeoutsAndRetries' | 'circuitBreaker') {
  const previewChange = jest.fn(
    async (_: Parameters<IstioApi['previewChange']>[0]) =>
      buildPreview({
        versions: [],
        behaviour: [
          {
            area: 'resilience',
            what: 'Timeout',
            where: 'http[0]',
            clusters: ['prod-eu', 'prod-us'],
            before: { text: '10 s' },
            after: { text: '5 s' },
          },
        ],
      }),
  );
  const api = createFakeIstioApi({
    previewChange,
    getResilience: async () => ({
      entityRef: REVIEWS_REF,
      clusters: [],
      errors: [],
      items: [resilience],
    }),
  });
  const user = userEvent.setup();
  await renderWithMesh(
    <IstioSurface>
      <IntentHost
        entityRef={REVIEWS_REF}
        mesh={mesh}
        state={{
          opened: { type, start: {} },
          open: () => undefined,
          close: () => undefined,
        }}
      />
    </IstioSurface>,
    { api },
  );
  const field = async (name: string) => screen.findByRole('textbox', { name });
  const type_ = async (name: string, text: string) => {
    const found = await field(name);
    await user.clear(found);
    if (text !== '') await user.type(found, text);
  };
  /** The last preview that was asked for. */
  const asked = () => previewChange.mock.calls.at(-1)?.[0].intent;
  return { user, field, fill: type_, asked, previewChange };
}

describe('Timeouts and retries', () => {
  it('begins with today’s values, says where they come from, and asks for nothing yet', async () => {
    const { field, previewChange } = await open('timeoutsAndRetries');
    expect(await field('Timeout')).toHaveValue('10s');
    expect(
      screen.getByText('Today 10 s, VirtualService catalog/reviews'),
    ).toBeInTheDocument();
    expect(screen.getByText('Today 2, Istio’s default')).toBeInTheDocument();
    expect(screen.getByText(/Apply is off/)).toBeInTheDocument();
    expect(previewChange).not.toHaveBeenCalled();
  });

  it('asks for the rule with what was typed and shows what differs', async () => {
    const { user, fill, asked } = await open('timeoutsAndRetries');
    await fill('Timeout', '5s');
    await user.click(screen.getByRole('radio', { name: 'Set here' }));
    await fill('Each try at most', '2s');
    await fill('Retry on these status codes', '502, 503');
    expect(
      await screen.findByText(
        'Callers wait at most 5 s: 3 tries of at most 2 s do not fit into it, the last ones may never happen.',
      ),
    ).toBeInTheDocument();
    await waitFor(
      () =>
        expect(asked()).toEqual({
          type: 'timeoutsAndRetries',
          params: {
            clusters: ['prod-eu', 'prod-us'],
            namespace: 'catalog',
            service: 'reviews',
            route: {
              kind: 'VirtualService',
              namespace: 'catalog',
              name: 'reviews',
              fieldPath: 'http[0]',
            },
            timeout: '5s',
            retries: {
              mode: 'on',
              attempts: 2,
              perTryTimeout: '2s',
              retryOn: [],
              statusCodes: [502, 503],
            },
          },
        }),
      { timeout: 10_000 },
    );
    expect(
      await screen.findByRole('row', {
        name: /Timeout\s*http\[0\]\s*10 s\s*5 s/,
      }),
    ).toBeInTheDocument();
  });

  it('says what is allowed where it takes something else', async () => {
    const { fill } = await open('timeoutsAndRetries');
    await fill('Timeout', 'soon');
    expect(
      await screen.findByText(
        'Timeout must be a duration like 5s, 250ms or 1m30s, at least 1ms.',
        { selector: 'p' },
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
  });
});

describe('Circuit breaker', () => {
  it('begins with today’s limits and their source', async () => {
    const { field } = await open('circuitBreaker');
    expect(await field('Connections open at once')).toHaveValue('100');
    expect(
      screen.getByText('Today: 100 open, DestinationRule catalog/reviews'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Today: None, Istio’s default'),
    ).toBeInTheDocument();
  });

  it('asks for limits and ejection of what was typed', async () => {
    const { user, fill, asked } = await open('circuitBreaker');
    await fill('Requests waiting', '20');
    await user.click(
      screen.getByRole('switch', {
        name: 'Leave failing pods alone for a while',
      }),
    );
    await fill('Failures (5xx) in a row', '3');
    await waitFor(
      () =>
        expect(asked()).toEqual({
          type: 'circuitBreaker',
          params: {
            clusters: ['prod-eu', 'prod-us'],
            namespace: 'catalog',
            service: 'reviews',
            connectionPool: {
              maxConnections: 100,
              http1MaxPendingRequests: 20,
            },
            ejection: { consecutive5xxErrors: 3 },
          },
        }),
      { timeout: 10_000 },
    );
  });

  it('says what is allowed where it takes something else', async () => {
    const { fill } = await open('circuitBreaker');
    await fill('Connections open at once', '0');
    expect(
      await screen.findByText(
        'Connections open at once must be a whole number from 1, or empty for no limit.',
        { selector: 'p' },
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
  });
});
