import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Change, IstioApi } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../../__testUtils__/renderWithMesh';
import { IstioSurface } from '../../../data';
import { buildChange, outcome } from '../__fixtures__/changes';
import { MeshChangesView } from '../MeshChangesView';

jest.setTimeout(30_000);

const outside: Change = {
  ...buildChange({
    id: '01OUTSIDE',
    intentType: 'external',
    title: 'reviews: VirtualService edited, spec.http[0].timeout',
    state: 'outside',
    requestedBy: { entityRef: 'outside', groups: [] },
    actsAs: undefined,
    ticket: undefined,
    reason: '',
    versions: [],
    guardrails: [],
    operations: [outcome(0, 'prod-eu')],
    events: [
      {
        at: '2026-07-14T10:05:03Z',
        kind: 'seen',
        text: 'VirtualService catalog/reviews in prod-eu was edited outside the portal: kubectl-edit (claimed). 3 changes, 2 not seen.',
      },
    ],
    revert: {
      possible: false,
      why: 'Argo CD application shop keeps this object. Change it in the Git source it comes from',
    },
  }),
  external: {
    action: 'edited',
    claims: [
      {
        manager: 'kubectl-edit',
        operation: 'Update',
        at: '2026-07-14T10:05:00Z',
        fields: ['spec.http[0].timeout'],
      },
    ],
    owner: {
      name: 'Argo CD application shop',
      advice: 'Change it in the Git source it comes from',
      madeIt: false,
    },
    fields: ['spec.http[0].timeout'],
    generations: 3,
    hash: {},
    hidden: ['spec.http[0].headers.request.set.Authorization'],
  },
};

async function render(overrides: Partial<IstioApi> = {}) {
  const api = createFakeIstioApi({
    listChanges: async () => ({ items: [outside, buildChange()] }),
    getChange: async () => outside,
    adoptChange: async () => outside,
    ...overrides,
  });
  await renderWithMesh(
    <IstioSurface>
      <MeshChangesView />
    </IstioSurface>,
    { api, permitted: true, path: '/catalog/default/component/payments/mesh' },
  );
  return api;
}

const details = () => screen.findByRole('region', { name: outside.title });

describe('a change made outside the portal', () => {
  it('says who claims it, whose object it is, and what is not known', async () => {
    await render();
    const card = within(await details());
    expect(card.getByText('Manager kubectl-edit (claimed)')).toBeVisible();
    expect(card.getByText(/kubectl-edit: Update, 14 Jul 2026/)).toBeVisible();
    expect(
      card.getByText('Argo CD application shop keeps this object'),
    ).toBeVisible();
    expect(card.getAllByText('No reason given')).not.toHaveLength(0);
    expect(
      card.getByText(/^3 changes, 2 not seen\. Values that look like secrets/),
    ).toBeVisible();
    expect(card.getByText(/made outside the portal/)).toBeVisible();
    expect(card.getByRole('button', { name: 'Revert' })).toBeDisabled();
    expect(
      card.getByText(
        'Revert is off: Argo CD application shop keeps this object. Change it in the Git source it comes from.',
      ),
    ).toBeVisible();
    // It was sent by nobody here: no steps, guardrails and answers of the portal.
    expect(card.queryByText('Requested')).toBeNull();
    expect(card.queryByText('Result per cluster')).toBeNull();
    expect(
      screen.getByText('Outside the portal. Manager kubectl-edit (claimed)'),
    ).toBeVisible();
  });

  it('is adopted with a reason', async () => {
    const api = await render();
    const card = within(await details());
    const adopt = card.getByRole('button', { name: 'Adopt' });
    expect(adopt).toBeDisabled();
    await userEvent.type(
      card.getByRole('textbox', { name: /Reason/ }),
      'Agreed in the incident',
    );
    await userEvent.click(adopt);
    expect(api.adoptChange).toHaveBeenCalledWith('01OUTSIDE', {
      reason: 'Agreed in the incident',
    });
  });

  it('shows who stands for it once it is adopted', async () => {
    const adopted: Change = {
      ...outside,
      state: 'adopted',
      external: {
        ...outside.external!,
        adoption: {
          by: 'user:default/mira.kovac',
          reason: 'Agreed in the incident',
          at: '2026-07-14T10:20:00Z',
        },
      },
    };
    await render({
      listChanges: async () => ({ items: [adopted] }),
      getChange: async () => adopted,
    });
    const card = within(await details());
    expect(card.getByText('Agreed in the incident')).toBeVisible();
    expect(card.getByText(/Adopted by/)).toBeVisible();
    expect(card.queryByRole('button', { name: 'Adopt' })).toBeNull();
  });

  it('is found by its origin', async () => {
    const api = await render();
    await details();
    await userEvent.click(screen.getByRole('button', { name: /Origin/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Outside the portal' }),
    );
    expect(api.listChanges).toHaveBeenLastCalledWith(
      { origin: 'outside' },
      expect.anything(),
    );
  });
});
