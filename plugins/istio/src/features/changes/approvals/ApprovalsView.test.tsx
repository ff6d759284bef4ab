import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ApprovalItem,
  ChangeApproval,
  IstioApi,
} from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../../__testUtils__/createFakeIstioApi';
import { IstioSurface } from '../../../data';
import { renderWithMesh } from '../../../__testUtils__/renderWithMesh';
import { buildChange, buildPreview } from '../__fixtures__/changes';
import { ApprovalsView } from './ApprovalsView';

jest.setTimeout(30_000);

const HASH = 'a'.repeat(64);
const approval: ChangeApproval = {
  requirements: [
    {
      policy: 'weight-step',
      text: 'Step of 50 points reaches storefront (storefront-team)',
      by: ['group:default/storefront-team'],
    },
  ],
  decisions: [],
  hash: HASH,
  policyVersion: '1',
};
const waiting = buildChange({
  id: '01WAITING',
  state: 'awaitingApproval',
  approval,
});

const item = (patch: Partial<ApprovalItem> = {}): ApprovalItem => ({
  change: waiting,
  preview: buildPreview(),
  role: 'approver',
  approve: { allowed: true },
  cancel: { allowed: false },
  ...patch,
});

function render(items: ApprovalItem[], overrides: Partial<IstioApi> = {}) {
  const api = createFakeIstioApi({
    listApprovals: async () => ({
      items,
      waitingForMe: items.filter(({ role }) => role === 'approver').length,
    }),
    ...overrides,
  });
  renderWithMesh(
    <IstioSurface>
      <ApprovalsView />
    </IstioSurface>,
    { api },
  );
  return api;
}

describe('ApprovalsView', () => {
  it('says what comes here when nothing waits', async () => {
    render([]);
    expect(await screen.findByText('Nothing waits for you.')).toBeVisible();
  });

  it('approves exactly what was looked at, without asking for a reason', async () => {
    const api = render([item()], {
      approveChange: async () => ({ ...waiting, state: 'applied' }),
    });
    expect(
      await screen.findByRole('region', { name: 'Preview' }),
    ).toBeVisible();
    expect(screen.getByText(/Not given yet: storefront-team/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Decline' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(api.approveChange).toHaveBeenCalledWith('01WAITING', {
      approvalHash: HASH,
    });
    await waitFor(() => expect(screen.getByText('Approved.')).toBeVisible());
  });

  it('keeps what was decided on the screen when it leaves the queue', async () => {
    const applied = { ...waiting, state: 'applied' as const };
    let left = [item()];
    render(left, {
      listApprovals: async () => ({ items: left, waitingForMe: left.length }),
      getChange: async () => applied,
      approveChange: async () => {
        left = [];
        return applied;
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );
    expect(await screen.findByText('Nothing waits for you.')).toBeVisible();
    const card = screen.getByRole('region', { name: waiting.title });
    expect(await within(card).findByText('What happened')).toBeVisible();
  });

  it('declines with a reason', async () => {
    const api = render([item()], {
      declineChange: async () => ({ ...waiting, state: 'declined' }),
    });
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Reason/ }),
      'Not before the sale',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Decline' }));
    expect(api.declineChange).toHaveBeenCalledWith('01WAITING', {
      reason: 'Not before the sale',
    });
  });

  it('offers no approval of what the objects no longer allow, and says why', async () => {
    render([
      item({
        approve: {
          allowed: false,
          why: 'VirtualService catalog/reviews changed since it was asked for',
        },
      }),
    ]);
    expect(
      await screen.findByText(/changed since it was asked for/),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('lets the requester take it back, and nothing else', async () => {
    const api = render(
      [item({ role: 'requester', approve: { allowed: false } })],
      { cancelChange: async () => ({ ...waiting, state: 'cancelled' }) },
    );
    await userEvent.type(
      await screen.findByRole('textbox', { name: /Reason/ }),
      'Wrong numbers',
    );
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
    await userEvent.click(
      screen.getByRole('button', { name: 'Cancel change' }),
    );
    expect(api.cancelChange).toHaveBeenCalledWith('01WAITING', {
      reason: 'Wrong numbers',
    });
  });

  it('takes the review of an emergency', async () => {
    const api = render(
      [
        item({
          role: 'reviewer',
          approve: { allowed: false },
          change: {
            ...waiting,
            state: 'applied',
            breakGlass: { reviewBy: '2020-01-01T00:00:00.000Z' },
          },
        }),
      ],
      { reviewChange: async () => ({ ...waiting, state: 'applied' }) },
    );
    expect(
      await screen.findByText(/Review overdue since 1 Jan 2020/),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Object' })).toBeDisabled();
    await userEvent.type(
      screen.getByRole('textbox', { name: /Reason/ }),
      'It was down indeed',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Accept' }));
    expect(api.reviewChange).toHaveBeenCalledWith('01WAITING', {
      verdict: 'accepted',
      reason: 'It was down indeed',
    });
  });
});
