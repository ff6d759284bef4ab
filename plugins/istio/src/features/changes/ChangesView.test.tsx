import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Change,
  EntityAccess,
  IstioApi,
} from '@istio-backstage/plugin-istio-common';
import { IstioSurface } from '../../data';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { allowedAccess } from '../../__testUtils__/fixtures';
import { renderWithMesh } from '../../__testUtils__/renderWithMesh';
import {
  REVIEWS_REF,
  buildChange,
  buildPreview,
  outcome,
} from './__fixtures__/changes';
import { refusal } from '../../__testUtils__/refusal';
import { ChangesView } from './ChangesView';

// Typing and choosing letter by letter takes seconds where the machine is busy.
jest.setTimeout(30_000);

const verified = buildChange();
const denied = buildChange({
  id: '01J2S0000000000000000CHG00',
  title: 'v3 from 0 to 50 %',
  state: 'denied',
  requestedBy: { entityRef: 'user:default/vera.lind', groups: [] },
  actsAs: undefined,
  ticket: 'https://tracker.example/CAT-200',
  reason: 'Trying out <b>v3</b>',
  createdAt: '2026-07-11T10:00:00Z',
  operations: [],
  events: [
    { at: '2026-07-11T10:00:00Z', kind: 'requested', text: 'Requested' },
    {
      at: '2026-07-11T10:00:01Z',
      kind: 'denied',
      text: 'vera.lind may not change reviews',
    },
  ],
  revert: { possible: false, why: 'nothing was changed' },
});
const all = [verified, denied];

async function renderView(
  overrides: Partial<IstioApi> = {},
  search = '',
  { permitted = true, entityRef = REVIEWS_REF } = {},
): Promise<jest.Mocked<IstioApi>> {
  const api = createFakeIstioApi({
    listChanges: async query => ({
      items: all.filter(
        change => !query?.state || change.state === query.state,
      ),
    }),
    getChange: async id => all.find(change => change.id === id)!,
    ...overrides,
  });
  await renderWithMesh(
    <IstioSurface>
      <ChangesView entityRef={entityRef} />
    </IstioSurface>,
    {
      api,
      permitted,
      path: `/catalog/default/component/payments/mesh${search}`,
    },
  );
  return api;
}

const details = (title: string) => screen.findByRole('region', { name: title });

describe('ChangesView', () => {
  it('lists by day and tells the story of the newest', async () => {
    await renderView();
    const card = await details('v2 from 20 to 30 %');
    expect(
      screen.getByRole('link', { name: 'v2 from 20 to 30 %' }),
    ).toHaveAttribute('aria-current', 'true');
    expect(
      screen.getAllByRole('heading', { level: 3 }).map(h => h.textContent),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/14 Jul/)]));
    expect(card).toHaveTextContent('Verified');
    expect(card).toHaveTextContent('mira.kovac, catalog-team');
    expect(card).toHaveTextContent('Acted in the cluster as mira.kovac');
    expect(card).toHaveTextContent('Next canary step');
    expect(card).toHaveTextContent('prod-eu, prod-us');
    expect(card).toHaveTextContent('Seen in traffic: v2 29.6 %');
    expect(card).toHaveTextContent('Audit-ID audit-prod-eu');
    const effect = within(card).getByRole('region', {
      name: 'Effect, before and after',
    });
    expect(
      within(effect).getByRole('row', { name: 'v1 80 % 70 % unknown' }),
    ).toBeInTheDocument();
    expect(within(card).getAllByText(/removed:/)).toHaveLength(2);
  });

  it.each([
    ['awaitingApproval', 'pending', 'Acts in the cluster as mira.kovac'],
    ['declined', 'pending', 'Nothing was sent to a cluster'],
    ['failed', 'unknown', 'Acted in the cluster as mira.kovac'],
  ] as const)(
    'of a change that is %s says what the cluster heard',
    async (state, result, said) => {
      const change = buildChange({
        state,
        operations: verified.operations.map(operation => ({
          ...operation,
          outcome: result,
        })),
      });
      await renderView({
        listChanges: async () => ({ items: [change] }),
        getChange: async () => change,
      });
      expect(await details(change.title)).toHaveTextContent(said);
    },
  );

  it('opens the change that the URL names', async () => {
    await renderView({}, `?change=${denied.id}`);
    const card = await details('v3 from 0 to 50 %');
    expect(card).toHaveTextContent('vera.lind may not change reviews.');
    expect(card).toHaveTextContent('Nothing was sent to a cluster');
    // Written by a person, shown as written.
    expect(card).toHaveTextContent('Trying out <b>v3</b>');
    expect(
      within(card).getByRole('link', {
        name: 'https://tracker.example/CAT-200',
      }),
    ).toHaveAttribute('rel', 'noopener noreferrer');
    expect(within(card).getByRole('button', { name: 'Revert' })).toBeDisabled();
    expect(card).toHaveTextContent('Revert is off: nothing was changed.');
  });

  it('makes no link of a ticket that is none', async () => {
    await renderView();
    const card = await details('v2 from 20 to 30 %');
    expect(
      within(card).queryByRole('link', { name: 'CAT-219' }),
    ).not.toBeInTheDocument();
    expect(card).toHaveTextContent('CAT-219');
  });

  it('says so beside a change that is open when the filters leave none in the list', async () => {
    await renderView({}, `?result=failed&change=${denied.id}`);
    await details('v3 from 0 to 50 %');
    expect(screen.getByText('No change matches')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Clear filters' })).toBeVisible();
  });

  it('filters through the URL, and clears', async () => {
    const api = await renderView({}, '?result=failed&search=nothing');
    expect(await screen.findByText('No change matches')).toBeInTheDocument();
    expect(api.listChanges.mock.calls[0][0]).toEqual({
      entityRef: REVIEWS_REF,
      search: 'nothing',
      state: 'failed',
    });
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    await details('v2 from 20 to 30 %');
    await user.click(screen.getByRole('button', { name: /Result/ }));
    await user.click(await screen.findByRole('option', { name: 'Denied' }));
    await details('v3 from 0 to 50 %');
    expect(api.listChanges.mock.calls.at(-1)?.[0]).toMatchObject({
      state: 'denied',
    });
    expect(screen.getByText('1 change')).toBeInTheDocument();
  });

  it('searches when typing rests, and offers the people it met', async () => {
    const api = await renderView();
    await details('v2 from 20 to 30 %');
    const user = userEvent.setup();
    await user.type(
      screen.getByRole('searchbox', { name: 'Search changes' }),
      'v3',
    );
    await waitFor(() =>
      expect(api.listChanges.mock.calls.at(-1)?.[0]).toMatchObject({
        search: 'v3',
      }),
    );
    expect(
      api.listChanges.mock.calls.filter(([query]) => query?.search === 'v'),
    ).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: /Who/ }));
    await user.click(await screen.findByRole('option', { name: 'vera.lind' }));
    await waitFor(() =>
      expect(api.listChanges.mock.calls.at(-1)?.[0]).toMatchObject({
        by: 'user:default/vera.lind',
      }),
    );
  });

  it('loads more by cursor', async () => {
    const api = await renderView({
      listChanges: async query =>
        query?.cursor
          ? { items: [denied] }
          : { items: [verified], nextCursor: 'next' },
    });
    expect(
      await screen.findByText('1 change, there are more'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));
    expect(
      await screen.findByRole('link', { name: 'v3 from 0 to 50 %' }),
    ).toBeInTheDocument();
    expect(api.listChanges.mock.calls.at(-1)?.[0]).toMatchObject({
      cursor: 'next',
    });
    expect(
      screen.queryByRole('button', { name: 'Load more' }),
    ).not.toBeInTheDocument();
  });

  it('teaches when there is nothing yet', async () => {
    await renderView({ listChanges: async () => ({ items: [] }) });
    expect(await screen.findByText('No change yet')).toBeInTheDocument();
  });

  it.each([
    // What the portal's policy says is remembered for a while, per component: one of its own.
    [
      'the portal refuses',
      { permitted: false, entityRef: 'component:default/refused' },
    ],
    ['the log refuses', {}],
  ])('says which permission is missing when %s', async (_, options) => {
    await renderView(
      {
        listChanges: async () => {
          throw await refusal(403, 'no');
        },
      },
      '',
      options,
    );
    expect(
      await screen.findByText(
        /Reading this log needs permission istio\.audit\.read/,
      ),
    ).toBeInTheDocument();
  });

  it('says when the log has no such change', async () => {
    await renderView(
      {
        getChange: async () => {
          throw await refusal(404, 'no such change');
        },
      },
      '?change=01JXXXX',
    );
    expect(
      await screen.findByText('The log has no change with the id 01JXXXX.'),
    ).toBeInTheDocument();
  });

  it('copies the address of the change alone', async () => {
    await renderView({}, '?result=verified');
    const card = await details('v2 from 20 to 30 %');
    const user = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    await user.click(within(card).getByRole('button', { name: 'Copy link' }));
    expect(write.mock.calls[0][0]).toMatch(
      /^http.*\?change=01J2T0000000000000000CHG01$/,
    );
    expect(within(card).getByRole('button', { name: 'Copied' })).toBeVisible();
  });
});

describe('Revert', () => {
  const forbidden: EntityAccess = {
    ...allowedAccess,
    change: {
      allowed: false,
      reason: 'vera.lind is in no owning team',
      clusters: [],
    },
  };

  it('is off, with the reason, for a person who may not change', async () => {
    const api = await renderView({
      getEntityAccess: jest.fn(async () => forbidden),
    });
    const card = await details('v2 from 20 to 30 %');
    await waitFor(() =>
      expect(
        within(card).getByRole('button', { name: 'Revert' }),
      ).toBeEnabled(),
    );
    // The clusters are asked by who is about to revert, not by who reads.
    expect(api.getEntityAccess).not.toHaveBeenCalled();
    await userEvent.hover(within(card).getByRole('button', { name: 'Revert' }));
    await waitFor(() =>
      expect(card).toHaveTextContent(
        'Revert is off: vera.lind is in no owning team.',
      ),
    );
    const button = within(card).getByRole('button', { name: 'Revert' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/vera\.lind/);
  });

  async function openRevert(overrides: Partial<IstioApi>) {
    const api = await renderView({
      previewRevert: async () =>
        buildPreview({ effect: [{ text: 'Back to 80 / 20 / 0.' }] }),
      ...overrides,
    });
    const card = await details('v2 from 20 to 30 %');
    const user = userEvent.setup();
    await waitFor(() =>
      expect(
        within(card).getByRole('button', { name: 'Revert' }),
      ).toBeEnabled(),
    );
    await user.click(within(card).getByRole('button', { name: 'Revert' }));
    const dialog = await screen.findByRole('dialog', { name: 'Revert change' });
    return { api, user, dialog };
  }

  it('shows the way back, asks why, sends it and follows it', async () => {
    const revert: Change = buildChange({
      id: '01J2U0000000000000000CHG02',
      intentType: 'revert',
      title: 'Back to v2 20 %',
      revertOf: verified.id,
      reason: 'v2 is slow',
    });
    // The log lists the revert as soon as it is sent: it must not push its own dialog away.
    let listed = all;
    const { api, user, dialog } = await openRevert({
      listChanges: async () => ({ items: listed }),
      revertChange: async () => {
        listed = [revert, ...all];
        return revert;
      },
      getChange: async id => (id === revert.id ? revert : verified),
    });
    expect(
      await within(dialog).findByText('Back to 80 / 20 / 0.'),
    ).toBeInTheDocument();
    const submit = within(dialog).getByRole('button', { name: 'Revert' });
    expect(submit).toBeDisabled();
    expect(dialog).toHaveTextContent('Revert is off: the reason is missing.');
    expect(within(dialog).getByRole('textbox', { name: /Ticket/ })).toHaveValue(
      'CAT-219',
    );
    await user.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'v2 is slow',
    );
    await user.click(submit);
    expect(api.revertChange).toHaveBeenCalledWith(verified.id, {
      reason: 'v2 is slow',
      ticket: 'CAT-219',
      planHash: buildPreview().plan.hash,
    });
    expect(
      await within(dialog).findByText('Applied in 2 of 2 clusters'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('Back to v2 20 %', { selector: 'a *, a' }),
    ).toBeInTheDocument();
    expect(dialog).toBeInTheDocument();
    await user.click(
      within(dialog).getAllByRole('button', { name: 'Close' })[0],
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('says why there is no way back', async () => {
    const { dialog } = await openRevert({
      previewRevert: async () => {
        throw await refusal(409, 'lena.fischer changed catalog/reviews since');
      },
    });
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'No preview. lena.fischer changed catalog/reviews since',
    );
    expect(
      within(dialog).getByRole('button', { name: 'Revert' }),
    ).toBeDisabled();
  });

  it('is refused at the last moment without losing the reason', async () => {
    const { user, dialog } = await openRevert({
      revertChange: async () => {
        throw await refusal(409, 'the plan is another one now');
      },
    });
    const reason = within(dialog).getByRole('textbox', { name: /Reason/ });
    await user.type(reason, 'v2 is slow');
    const submit = within(dialog).getByRole('button', { name: 'Revert' });
    await waitFor(() => expect(submit).toBeEnabled());
    await user.click(submit);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'Somebody else changed it. the plan is another one now.',
    );
    expect(reason).toHaveValue('v2 is slow');
  });
});

describe('results that need a person', () => {
  it('shows each cluster’s answer of a partial change', async () => {
    const partial = buildChange({
      state: 'partial',
      operations: [
        outcome(0, 'prod-eu'),
        outcome(1, 'prod-us', {
          outcome: 'denied',
          status: 403,
          message: 'mira.kovac may not patch virtualservices',
        }),
      ],
    });
    await renderView({
      listChanges: async () => ({ items: [partial] }),
      getChange: async () => partial,
    });
    const card = await details('v2 from 20 to 30 %');
    expect(card).toHaveTextContent('In force in prod-eu, not in prod-us.');
    expect(card).toHaveTextContent(
      'Undo the part that is in force, or remove the cause',
    );
    expect(card).toHaveTextContent(
      '403: mira.kovac may not patch virtualservices',
    );
  });
});
