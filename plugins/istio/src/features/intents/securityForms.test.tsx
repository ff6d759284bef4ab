import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ComponentMesh,
  ComponentSecurity,
  IstioApi,
  ObjectView,
} from '@istio-backstage/plugin-istio-common';
import { IstioSurface } from '../../data';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import { REVIEWS_REF, buildPreview } from '../changes/__fixtures__/changes';
import { IntentHost } from './IntentHost';
import {
  buildSplit,
  reviewsServices,
} from './shiftTraffic/__fixtures__/reviewsSplit';
import type { IntentStart } from './types';

// Typing and choosing letter by letter takes seconds where the machine is busy.
jest.setTimeout(30_000);

const clusters = ['prod-eu', 'prod-us'];
const principal = (account: string) => `cluster.local/ns/shop/sa/${account}`;
const policyRef = {
  cluster: 'prod-eu',
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  namespace: 'catalog',
  name: 'callers',
};
const observed = (workload: string, more: object = {}) => ({
  namespace: 'shop',
  workload,
  clusters,
  requests: 100,
  connections: 0,
  perSecond: 2,
  encrypted: 100,
  plaintext: 0,
  access: 'always',
  decidedBy: [],
  reason: '',
  dependsOn: [],
  ...more,
});
const securityWith = (policies: object[]) =>
  ({
    entityRef: REVIEWS_REF,
    clusters: [],
    errors: [],
    access: {
      callers: [
        observed('web', { principal: `spiffe://${principal('web')}` }),
        observed('old', { encrypted: 0, plaintext: 100 }),
      ],
      policies,
    },
  } as unknown as ComponentSecurity);
const policy = {
  object: policyRef,
  clusters,
  workloads: ['reviews-v1'],
  action: 'ALLOW',
  dryRun: false,
  rules: [],
};
const mesh = {
  clusters: clusters.map(name => ({ name, state: 'fresh' })),
  match: { services: reviewsServices, workloads: [], nearMisses: [] },
  split: buildSplit(),
  mtls: {
    ports: [
      {
        port: 9080,
        mode: 'PERMISSIVE',
        decidedBy: { by: 'istioDefault', note: '' },
        considered: [],
        clusters,
        workloads: ['reviews-v1'],
      },
    ],
    observed: {
      total: 0,
      encrypted: 0,
      unit: 'requests',
      plaintextCallers: [],
    },
    mismatches: [],
  },
} as unknown as ComponentMesh;

async function open(
  type: 'mtlsMode' | 'whoMayCall',
  options: { policies?: object[]; start?: IntentStart } = {},
) {
  const previewChange = jest.fn(
    async (_: Parameters<IstioApi['previewChange']>[0]) =>
      buildPreview({ versions: [] }),
  );
  const api = createFakeIstioApi({
    previewChange,
    getSecurity: async () => securityWith(options.policies ?? []),
    getObject: async () =>
      ({
        cluster: 'prod-eu',
        object: {
          apiVersion: policyRef.apiVersion,
          kind: policyRef.kind,
          metadata: { name: 'callers', namespace: 'catalog' },
          spec: {
            rules: [
              { from: [{ source: { principals: [principal('app')] } }] },
              { from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] },
            ],
          },
        },
        partial: false,
        managedBy: [],
        entityRefs: [],
        state: 'fresh',
      } as unknown as ObjectView),
  });
  await renderWithMesh(
    <IstioSurface>
      <IntentHost
        entityRef={REVIEWS_REF}
        mesh={mesh}
        state={{
          opened: { type, start: options.start ?? {} },
          open: () => undefined,
          close: () => undefined,
        }}
      />
    </IstioSurface>,
    { api },
  );
  const asked = () => previewChange.mock.calls.at(-1)?.[0].intent;
  const expectAsked = (params: object) =>
    waitFor(
      () =>
        expect(asked()).toEqual({
          type,
          params: {
            clusters,
            namespace: 'catalog',
            service: 'reviews',
            ...params,
          },
        }),
      { timeout: 10_000 },
    );
  return { user: userEvent.setup(), expectAsked, previewChange };
}

describe('Encryption (mTLS)', () => {
  it('says what ports accept today, and asks for nothing before a mode is chosen', async () => {
    const { previewChange } = await open('mtlsMode');
    expect(await screen.findByText(/Today port 9080/)).toHaveTextContent(
      'PERMISSIVE',
    );
    expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
    expect(previewChange).not.toHaveBeenCalled();
  });

  it('asks for the mode of the pods, or of the namespace', async () => {
    const { user, expectAsked, previewChange } = await open('mtlsMode');
    await user.click(
      await screen.findByRole('radio', { name: /Only encrypted calls/ }),
    );
    await expectAsked({ level: 'workload', mode: 'STRICT' });
    await user.click(screen.getByRole('radio', { name: /whole namespace/ }));
    await expectAsked({ level: 'namespace', mode: 'STRICT' });
    expect(previewChange).toHaveBeenCalled();
  });
});

describe('Who may call', () => {
  const callers = () =>
    within(screen.getByRole('list', { name: 'Callers of the policy' }));

  it('proposes everybody who proved an identity for a first policy, and names who cannot be', async () => {
    const { expectAsked } = await open('whoMayCall');
    await screen.findByRole('list', { name: 'Callers of the policy' });
    expect(callers().getByText('shop/web')).toBeInTheDocument();
    expect(screen.getByRole('checkbox', { name: 'old' })).toBeDisabled();
    expect(
      screen.getByText('It sends no identity, so no rule can name it.'),
    ).toBeInTheDocument();
    await expectAsked({
      action: 'ALLOW',
      dryRun: false,
      rules: [{ principals: [principal('web')] }],
    });
  });

  it('begins with the callers of the policy, adds the one that was asked for, and limits requests', async () => {
    const { user, expectAsked } = await open('whoMayCall', {
      policies: [policy],
      start: { caller: principal('new') },
    });
    await screen.findByRole('list', { name: 'Callers of the policy' });
    await expectAsked({
      action: 'ALLOW',
      policy: 'callers',
      dryRun: false,
      rules: [{ principals: [principal('app'), principal('new')] }],
    });
    await user.click(
      screen.getByRole('button', { name: 'Requests of shop/new' }),
    );
    await user.type(
      within(screen.getByRole('group', { name: 'shop/new' })).getByRole(
        'textbox',
        { name: 'Methods' },
      ),
      'get',
    );
    await user.click(screen.getByRole('button', { name: 'Remove shop/app' }));
    await expectAsked({
      action: 'ALLOW',
      policy: 'callers',
      dryRun: false,
      rules: [{ principals: [principal('new')], methods: ['GET'] }],
    });
    expect(screen.getByRole('switch', { name: /Try it first/ })).toBeDisabled();
  });
});
