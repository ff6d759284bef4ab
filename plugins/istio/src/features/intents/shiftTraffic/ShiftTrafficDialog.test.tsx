import { useState } from 'react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Change,
  Intent,
  IstioApi,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { IstioSurface } from '../../../data';
import { createFakeIstioApi } from '../../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../../__testUtils__/renderWithMesh';
import {
  REVIEWS_REF,
  buildChange,
  buildPreview,
  effect,
} from '../../changes/__fixtures__/changes';
import { refusal } from '../../../__testUtils__/refusal';
import {
  buildRoute,
  buildSplit,
  destination,
  reviewsServices,
} from './__fixtures__/reviewsSplit';
import { ShiftTrafficDialog } from './ShiftTrafficDialog';

// Typing and choosing letter by letter takes seconds where the machine is busy.
jest.setTimeout(30_000);

/** Lets a test hand the open dialog what the page would refetch. */
let refreshSplit: (split: TrafficSplit) => void;

function Host(props: { split: TrafficSplit }) {
  const [isOpen, setOpen] = useState(false);
  const [split, setSplit] = useState(props.split);
  refreshSplit = setSplit;
  return (
    <IstioSurface>
      <button onClick={() => setOpen(true)}>Open</button>
      <ShiftTrafficDialog
        entityRef={REVIEWS_REF}
        split={split}
        services={reviewsServices}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      />
    </IstioSurface>
  );
}

function weightsOf(intent: Intent) {
  return intent.type === 'shiftTraffic' ? intent.params.weights : [];
}

/** Answers a preview with the weights that were asked for, over such a base. */
function answerPreview(options: {
  base: () => string;
  before?: () => Record<string, number>;
}) {
  let asked = 0;
  return jest.fn(
    async ({ intent }: Parameters<IstioApi['previewChange']>[0]) => {
      asked += 1;
      const before = options.before?.() ?? { v1: 0.8, v2: 0.2, v3: 0 };
      return buildPreview({
        base: options.base(),
        computedAt: new Date(
          Date.UTC(2026, 6, 14, 14, 32, asked),
        ).toISOString(),
        clusters: intent.params.clusters,
        effect: [{ text: `Preview ${asked}` }],
        versions: weightsOf(intent).map(({ key, weight }) =>
          effect(key, before[key] ?? 0, weight / 100),
        ),
      });
    },
  );
}

async function openDialog(
  overrides: Partial<IstioApi> = {},
  split = buildSplit(),
) {
  const api = createFakeIstioApi({
    previewChange: answerPreview({ base: () => 'a' }),
    ...overrides,
  });
  const user = userEvent.setup();
  await renderWithMesh(<Host split={split} />, { api });
  await user.click(screen.getByRole('button', { name: 'Open' }));
  const dialog = await screen.findByRole('dialog', { name: 'Shift traffic' });
  return { api, user, dialog };
}

type User = ReturnType<typeof userEvent.setup>;

async function typeWeight(user: User, version: string, text: string) {
  const field = screen.getByRole('textbox', {
    name: `Weight of ${version} in percent`,
  });
  await user.clear(field);
  await user.type(field, text);
}

const applyButton = () => screen.getByRole('button', { name: 'Apply' });

async function readyToApply(user: User) {
  await user.click(screen.getByRole('button', { name: /Next step/ }));
  await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'Canary');
  await waitFor(() => expect(applyButton()).toBeEnabled());
}

describe('ShiftTrafficDialog', () => {
  it('shows today’s shares, what is edited and where, and asks for nothing yet', async () => {
    const { api, dialog } = await openDialog();
    expect(dialog).toHaveTextContent('reviews, port 9080');
    expect(dialog).toHaveTextContent('http[0]');
    expect(screen.getByRole('slider', { name: /^Weight of v1,/ })).toHaveValue(
      '80',
    );
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toHaveValue('20');
    expect(
      screen.getByRole('slider', { name: 'Weight of v1, today 80 %' }),
    ).toHaveAttribute('aria-valuetext', '80%');
    expect(
      screen.getByRole('row', { name: 'v3 0 % 0.0 % 0.0 1' }),
    ).toBeInTheDocument();
    expect(dialog).toHaveTextContent(
      'Sum 100 %. Of 24.0 req/s, average of the last 5 min.',
    );
    expect(dialog).toHaveTextContent(
      'Kept as it is: adds the response header x-reviews',
    );
    expect(dialog).toHaveTextContent(
      'Apply is off: no share differs from today’s.',
    );
    expect(applyButton()).toBeDisabled();
    expect(applyButton()).toHaveAccessibleDescription(/no share differs/);
    expect(api.previewChange).not.toHaveBeenCalled();
  });

  it('says how far the shares are from 100 % and changes no other by itself', async () => {
    const { api, user, dialog } = await openDialog();
    await typeWeight(user, 'v2', '30');
    expect(dialog).toHaveTextContent('Sum 110 %, 10 points over 100 %.');
    expect(
      screen.getByRole('textbox', { name: 'Weight of v1 in percent' }),
    ).toHaveValue('80');
    expect(dialog).toHaveTextContent('7.2 req/s');
    expect(applyButton()).toBeDisabled();
    expect(api.previewChange).not.toHaveBeenCalled();

    await user.click(screen.getByRole('button', { name: 'Set v1 to 70 %' }));
    expect(dialog).toHaveTextContent('Sum 100 %.');
    expect(await screen.findByText('Preview 1')).toBeInTheDocument();
    expect(api.previewChange.mock.calls[0][0]).toMatchObject({
      entityRef: REVIEWS_REF,
      intent: {
        params: {
          namespace: 'catalog',
          service: 'reviews',
          clusters: ['prod-eu', 'prod-us'],
          weights: [
            { key: 'v1', weight: 70 },
            { key: 'v2', weight: 30 },
            { key: 'v3', weight: 0 },
          ],
        },
      },
    });
  });

  it('says what a weight may be', async () => {
    const { user, dialog } = await openDialog();
    await typeWeight(user, 'v2', '2.5');
    expect(dialog).toHaveTextContent('v2 needs a whole number from 0 to 100.');
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toBeInvalid();
  });

  it('moves by keyboard, on the slider and in the field', async () => {
    const { user } = await openDialog();
    act(() => screen.getByRole('slider', { name: /^Weight of v1,/ }).focus());
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByRole('slider', { name: /^Weight of v1,/ })).toHaveValue(
      '79',
    );
    act(() =>
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }).focus(),
    );
    await user.keyboard('{ArrowUp}{PageUp}');
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toHaveValue('31');
  });

  it('complements the other one of two versions', async () => {
    const route = buildRoute({
      destinations: [destination('v1', 0.9), destination('v2', 0.1)],
    });
    const { user } = await openDialog(
      {},
      { ...buildSplit([route]), versions: [] },
    );
    await typeWeight(user, 'v2', '35');
    expect(
      screen.getByRole('textbox', { name: 'Weight of v1 in percent' }),
    ).toHaveValue('65');
  });

  it('needs a reason, and says so', async () => {
    const { user, dialog } = await openDialog();
    await user.click(screen.getByRole('button', { name: /Next step/ }));
    await screen.findByText('Preview 1');
    expect(dialog).toHaveTextContent('Apply is off: the reason is missing.');
    await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'ab');
    expect(dialog).toHaveTextContent('the reason needs at least 3 characters.');
    await user.type(screen.getByRole('textbox', { name: /Reason/ }), 'c');
    expect(dialog).toHaveTextContent(
      'Ready. Runs as mira.kovac in prod-eu and prod-us, then watches traffic.',
    );
    await user.type(screen.getByRole('textbox', { name: /Ticket/ }), 'CAT 219');
    expect(dialog).toHaveTextContent('Apply is off: a ticket has no spaces.');
  });

  it('keeps the last preview, dimmed, and Apply off while the next is computed', async () => {
    let finish: (() => void) | undefined;
    const answer = answerPreview({ base: () => 'a' });
    const { user, dialog } = await openDialog({
      previewChange: async request => {
        const preview = await answer(request);
        if (answer.mock.calls.length > 1) {
          await new Promise<void>(resolve => {
            finish = resolve;
          });
        }
        return preview;
      },
    });
    await readyToApply(user);
    await typeWeight(user, 'v2', '20');
    await user.click(screen.getByRole('button', { name: 'Set v1 to 80 %' }));
    await typeWeight(user, 'v3', '10');
    await user.click(screen.getByRole('button', { name: 'Set v1 to 70 %' }));
    expect(screen.getByText('Preview 1')).toBeInTheDocument();
    expect(applyButton()).toBeDisabled();
    expect(dialog).toHaveTextContent(
      'Apply is off: the preview is being computed.',
    );
    await waitFor(() => expect(finish).toBeDefined());
    await act(async () => finish?.());
    expect(await screen.findByText('Preview 2')).toBeInTheDocument();
    expect(applyButton()).toBeEnabled();
  });

  it('shows only the latest of several previews', async () => {
    const waiting: (() => void)[] = [];
    const answer = answerPreview({ base: () => 'a' });
    const { user } = await openDialog({
      previewChange: async request => {
        const preview = await answer(request);
        await new Promise<void>(resolve => waiting.push(resolve));
        return preview;
      },
    });
    await user.click(screen.getByRole('button', { name: /Next step/ }));
    await waitFor(() => expect(waiting).toHaveLength(1));
    await typeWeight(user, 'v1', '60');
    await user.click(screen.getByRole('button', { name: 'Set v2 to 40 %' }));
    await waitFor(() => expect(waiting).toHaveLength(2));
    await act(async () => waiting[1]());
    expect(await screen.findByText('Preview 2')).toBeInTheDocument();
    await act(async () => waiting[0]());
    expect(screen.queryByText('Preview 1')).not.toBeInTheDocument();
  });

  it('lets one choose clusters and route', async () => {
    const second = buildRoute({
      id: 'VirtualService/catalog/reviews/http[1]',
      fieldPath: 'http[1]',
      destinations: [destination('v1', 0.5), destination('v2', 0.5)],
    });
    const { api, user, dialog } = await openDialog(
      {},
      buildSplit([buildRoute(), second]),
    );
    await user.click(screen.getByRole('checkbox', { name: 'prod-us' }));
    await readyToApply(user);
    expect(api.previewChange.mock.calls[0][0].intent.params.clusters).toEqual([
      'prod-eu',
    ]);
    expect(dialog).toHaveTextContent('Runs as mira.kovac in prod-eu, then');
    await user.click(screen.getByRole('checkbox', { name: 'prod-eu' }));
    expect(dialog).toHaveTextContent('Apply is off: no cluster is chosen.');

    await user.click(screen.getByRole('button', { name: /Route/ }));
    await user.click(await screen.findByRole('option', { name: /http\[1\]/ }));
    expect(screen.getByRole('slider', { name: /^Weight of v1,/ })).toHaveValue(
      '50',
    );
    // What was written is not the route's.
    expect(screen.getByRole('textbox', { name: /Reason/ })).toHaveValue(
      'Canary',
    );
  });

  it('keeps clusters and shares when the rule changes in one cluster', async () => {
    const { user, dialog } = await openDialog();
    await readyToApply(user);
    const edited = buildRoute({
      id: `${buildRoute().id}@prod-eu`,
      clusters: ['prod-eu'],
      destinations: [destination('v1', 0.5), destination('v2', 0.5)],
    });
    const other = buildRoute({
      id: `${buildRoute().id}@prod-us`,
      clusters: ['prod-us'],
    });
    act(() => refreshSplit(buildSplit([other, edited])));
    expect(screen.getByRole('checkbox', { name: 'prod-eu' })).toBeChecked();
    expect(screen.getByRole('checkbox', { name: 'prod-us' })).toBeChecked();
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toHaveValue('30');
    expect(dialog).toHaveTextContent(
      'Clusters differ today: prod-us has 80 / 20 / 0, prod-eu has 50 / 50 / 0.',
    );
  });

  it('keeps what was typed when the rule or a cluster is gone', async () => {
    const { api, user } = await openDialog();
    await readyToApply(user);
    act(() => refreshSplit(buildSplit([])));
    expect(screen.getByRole('textbox', { name: /Reason/ })).toHaveValue(
      'Canary',
    );
    act(() =>
      refreshSplit(buildSplit([buildRoute({ clusters: ['prod-us'] })])),
    );
    expect(screen.getByRole('checkbox', { name: 'prod-eu' })).toBeChecked();
    await waitFor(() =>
      expect(
        api.previewChange.mock.calls.at(-1)?.[0].intent.params.clusters,
      ).toEqual(['prod-eu', 'prod-us']),
    );
  });

  it('says why nothing can be shifted', async () => {
    const { dialog } = await openDialog(
      {},
      buildSplit([
        buildRoute({
          shiftable: { possible: false, why: 'it answers with a redirect' },
        }),
      ]),
    );
    expect(dialog).toHaveTextContent('it answers with a redirect');
    expect(
      screen.queryByRole('button', { name: 'Apply' }),
    ).not.toBeInTheDocument();
  });

  it('gives the focus back when it closes', async () => {
    const { user } = await openDialog();
    await user.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Open' })).toHaveFocus(),
    );
  });
});

describe('ShiftTrafficDialog, after Apply', () => {
  const requested = buildChange({
    state: 'applying',
    events: buildChange().events.slice(0, 1),
    operations: buildChange().operations.map(operation => ({
      ...operation,
      outcome: 'pending',
    })),
    revert: { possible: false },
  });

  it('follows the change until traffic shows it, and offers the way back', async () => {
    let now: Change = requested;
    const { api, user, dialog } = await openDialog({
      submitChange: async () => requested,
      getChange: async () => now,
      previewRevert: async () =>
        buildPreview({ effect: [{ text: 'Back to 80 / 20 / 0.' }] }),
    });
    await readyToApply(user);
    await user.click(applyButton());
    expect(api.submitChange).toHaveBeenCalledTimes(1);
    expect(api.submitChange.mock.calls[0][0]).toMatchObject({
      reason: 'Canary',
      planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(
      await within(dialog).findByText('Applying in prod-eu and prod-us'),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Undo' })).toBeDisabled();

    now = buildChange();
    expect(
      await within(dialog).findByText(
        'Applied in 2 of 2 clusters',
        {},
        { timeout: 4000 },
      ),
    ).toBeInTheDocument();
    expect(dialog).toHaveTextContent('Verified');
    expect(
      screen.getByRole('link', { name: 'See it in Changes' }),
    ).toHaveAttribute(
      'href',
      expect.stringMatching(/reviews\/mesh\/changes\?change=01J2T/),
    );

    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(
      await screen.findByRole('dialog', { name: 'Revert change' }),
    ).toBeInTheDocument();
    expect(await screen.findByText('Back to 80 / 20 / 0.')).toBeInTheDocument();
  });

  it('sends a change once, however often Apply is pressed', async () => {
    const { api, user } = await openDialog({
      submitChange: () => new Promise(() => {}),
    });
    await readyToApply(user);
    await user.dblClick(applyButton());
    expect(api.submitChange).toHaveBeenCalledTimes(1);
  });

  it('says that it was denied and recorded, and keeps what was typed', async () => {
    const { user } = await openDialog({
      submitChange: async () => {
        throw await refusal(403, 'mira.kovac may not change reviews');
      },
    });
    await readyToApply(user);
    await user.click(applyButton());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      'Denied. mira.kovac may not change reviews. Nothing was changed. The try is in the log.',
    );
    expect(screen.getByRole('textbox', { name: /Reason/ })).toHaveValue(
      'Canary',
    );
  });

  it('does not call a lost answer a refusal', async () => {
    const { user } = await openDialog({
      submitChange: async () => {
        throw new Error('Failed to fetch');
      },
    });
    await readyToApply(user);
    await user.click(applyButton());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The change may or may not have been sent. Look in Changes before you apply again.',
    );
  });

  it('tells plainly that somebody else was faster, what differs, and loses nothing', async () => {
    let base = 'a';
    let before = { v1: 0.8, v2: 0.2, v3: 0 };
    const { api, user, dialog } = await openDialog({
      previewChange: answerPreview({
        base: () => base,
        before: () => before,
      }),
      submitChange: async () => {
        if (base === 'a') {
          base = 'b';
          before = { v1: 0.6, v2: 0.4, v3: 0 };
          throw await refusal(409, 'The plan is no longer the one you saw');
        }
        return buildChange();
      },
      getChange: async () => buildChange(),
    });
    await readyToApply(user);
    const seen = api.previewChange.mock.calls.length;
    await user.click(applyButton());

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      'Somebody else changed VirtualService catalog/reviews meanwhile. Nothing of yours was sent. What you typed is kept.',
    );
    await waitFor(() =>
      expect(alert).toHaveTextContent('v2 was 20 % and is 40 % now'),
    );
    expect(api.previewChange).toHaveBeenCalledTimes(seen + 1);
    expect(applyButton()).toBeDisabled();
    expect(dialog).toHaveTextContent('look at the new preview first');
    // What the person saw stays, as no longer true, until they ask for the new one.
    expect(screen.getByText(`Preview ${seen}`)).toBeInTheDocument();
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toHaveValue('30');
    expect(screen.getByRole('textbox', { name: /Reason/ })).toHaveValue(
      'Canary',
    );

    await user.click(
      screen.getByRole('button', { name: 'Show the new preview' }),
    );
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(screen.getByText(`Preview ${seen + 1}`)).toBeInTheDocument();
    await user.click(applyButton());
    const hashes = api.submitChange.mock.calls.map(([call]) => call.planHash);
    expect(hashes[1]).not.toBe(hashes[0]);
    expect(
      await within(dialog).findByText('Applied in 2 of 2 clusters'),
    ).toBeInTheDocument();
  });

  it('notices a moved base before Apply as well', async () => {
    let base = 'a';
    const { user } = await openDialog({
      previewChange: answerPreview({ base: () => base }),
    });
    await readyToApply(user);
    base = 'b';
    await typeWeight(user, 'v1', '60');
    await user.click(screen.getByRole('button', { name: 'Set v2 to 40 %' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'VirtualService catalog/reviews in prod-eu and prod-us was edited',
    );
    expect(applyButton()).toBeDisabled();
  });

  it('goes back to the form when a cluster reports the conflict', async () => {
    const conflict = buildChange({
      state: 'conflict',
      revert: { possible: false, why: 'nothing was changed' },
    });
    const { user } = await openDialog({
      submitChange: async () => conflict,
      getChange: async () => conflict,
    });
    await readyToApply(user);
    await user.click(applyButton());
    await user.click(
      await screen.findByRole('button', { name: 'Show the new preview' }),
    );
    expect(screen.getByRole('textbox', { name: /Reason/ })).toHaveValue(
      'Canary',
    );
    expect(
      screen.getByRole('textbox', { name: 'Weight of v2 in percent' }),
    ).toHaveValue('30');
  });
});
