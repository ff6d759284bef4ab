import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ComponentFindings,
  IstioApi,
} from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { FIXTURE_NOW } from '../../__testUtils__/fixtures';
import { paymentsFindings } from '../../__testUtils__/findingFixtures';
import { paymentsRouteView } from '../../__testUtils__/objectFixtures';
import {
  PAYMENTS_MESH_PATH,
  renderWithMesh,
} from '../../__testUtils__/renderWithMesh';
import { buildPreview } from '../changes/__fixtures__/changes';
import { EntityMeshContent } from '../meshTab/EntityMeshContent';

jest.setTimeout(30_000);

function show(
  options: {
    path?: string;
    answer?: Partial<ComponentFindings>;
    more?: Partial<IstioApi>;
  } = {},
) {
  const { path = '/findings', answer, more } = options;
  const api = createFakeIstioApi({
    getFindings: async () => ({ ...paymentsFindings, ...answer }),
    getObject: async () => paymentsRouteView,
    ...more,
  });
  renderWithMesh(<EntityMeshContent />, {
    api,
    path: `${PAYMENTS_MESH_PATH}${path}`,
  });
  return { api, user: userEvent.setup() };
}

/** The card of the view, not the skeleton of the same name. */
async function findings() {
  // The view is loaded when it is first shown.
  await screen.findByRole('group', { name: 'Severity' }, { timeout: 10_000 });
  return screen.getByRole('region', { name: 'Findings' });
}
const items = async () =>
  within(await findings())
    .getAllByRole('button', { expanded: false })
    .map(button => button.textContent);

describe('findings of a component', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are on the overview, worst first, each a link to its explanation', async () => {
    show({ path: '' });
    const link = await screen.findByRole(
      'link',
      { name: /No pod carries version=v4/ },
      { timeout: 10_000 },
    );
    expect(link).toHaveAttribute(
      'href',
      `${PAYMENTS_MESH_PATH}/findings?finding=ISB0204%2FDestinationRule%2Fpayments%2Fpayments%2Fspec.subsets%5B3%5D`,
    );
    const card = screen.getByRole('region', { name: 'Findings' });
    expect(card).toHaveTextContent('Findings2');
    expect(card).toHaveTextContent(
      'DestinationRule payments/payments, ISB0204',
    );
    expect(card).toHaveTextContent('92 rules, 1 not asked');
  });

  it('say what, where, in which clusters, and what was not asked', async () => {
    show();
    const card = await findings();
    expect(card).toHaveTextContent('Error: No pod carries version=v4');
    expect(card).toHaveTextContent('prod-eu and prod-us');
    expect(card).toHaveTextContent('ISB0110, IST0130, KIA1106');
    expect(
      within(card).getByRole('link', {
        name: 'VirtualService payments/payments, field spec.http[1]',
      }),
    ).toHaveAttribute('href', expect.stringContaining('object=VirtualService'));
    expect(
      screen.getByText(/1 rule in prod-us: Gateway could not be read/),
    ).toHaveTextContent('(ISB0101)');
  });

  it('explain themselves and propose a change that nobody applies', async () => {
    const { api, user } = show();
    await user.click(
      await screen.findByRole('button', {
        name: /beta-users is never reached/,
      }),
    );
    const card = await findings();
    expect(card).toHaveTextContent('A rule that no request reaches');
    expect(card).toHaveTextContent('What to do: Move the narrower rule up');
    const fix = await screen.findByRole('region', { name: 'Proposed change' });
    await within(fix).findByRole('group', { name: 'Change of VirtualService' });
    expect(
      [...fix.querySelectorAll('del')].map(line => line.textContent),
    ).toEqual(expect.arrayContaining([expect.stringContaining('subset: v2')]));
    expect(fix).toHaveTextContent('A proposal: nothing is changed by itself.');
    expect(api.submitChange).not.toHaveBeenCalled();
  });

  it('lead to the change that mends them, named and not as a patch', async () => {
    const previewChange = jest.fn(
      async (_: Parameters<IstioApi['previewChange']>[0]) =>
        buildPreview({ versions: [] }),
    );
    const { user } = show({
      path: '/findings?finding=ISB0110/VirtualService/payments/payments/spec.http[1]',
      more: { previewChange },
    });
    await user.click(
      await screen.findByRole(
        'button',
        { name: 'Preview the change' },
        { timeout: 10_000 },
      ),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Remove the rule that nothing reaches',
    });
    await within(dialog).findByRole('button', { name: 'Apply' });
    await waitFor(() => expect(previewChange).toHaveBeenCalled());
    expect(previewChange.mock.calls[0][0].intent).toEqual({
      type: 'applyFix',
      params: {
        clusters: ['prod-eu', 'prod-us'],
        code: 'ISB0110',
        object: paymentsFindings.findings[1].object,
        path: 'spec.http[1]',
        title: 'Remove the rule that nothing reaches',
      },
    });
  });

  it('say when a proposal no longer fits the object', async () => {
    const [, unreached] = paymentsFindings.findings;
    show({
      path: '/findings?finding=ISB0110/VirtualService/payments/payments/spec.http[1]',
      answer: {
        findings: [
          {
            ...unreached,
            fix: {
              title: 'Remove it',
              patch: [{ op: 'remove', path: '/spec/http/7' }],
            },
          },
        ],
      },
    });
    expect(
      await screen.findByText(/the proposal no longer fits/),
    ).toBeInTheDocument();
  });

  it('are filtered by the URL', async () => {
    show({ path: '/findings?severity=error' });
    await findings();
    expect(await items()).toEqual([
      'No pod carries version=v4, which subset v4 asks for.',
    ]);
  });

  it('are those of the chosen clusters', async () => {
    const { user } = show({ path: '/findings?clusters=prod-us' });
    await findings();
    expect(await items()).toEqual([
      'Rule beta-users is never reached: rule 2 takes every request.',
    ]);
    await user.click(screen.getByRole('button', { name: /errors/ }));
    expect(await findings()).toHaveTextContent(
      'No finding matches these filters.',
    );
  });

  it.each<[string, Partial<ComponentFindings>, string, string]>([
    [
      'all rules were asked',
      { skipped: [] },
      'healthy',
      'None: 92 rules asked in prod-eu and prod-us.',
    ],
    [
      'a rule could not be asked',
      {},
      'unknown',
      'None found, but 1 of 92 rules could not be asked.',
    ],
    [
      'a cluster was never read',
      {
        skipped: [],
        clusters: [
          paymentsFindings.clusters[0],
          { ...paymentsFindings.clusters[1], state: 'unreachable' },
        ],
      },
      'unknown',
      'None found, but prod-us has not been read.',
    ],
    [
      'no cluster was read',
      {
        skipped: [],
        clusters: [{ ...paymentsFindings.clusters[0], state: 'starting' }],
      },
      'unknown',
      'Unknown: prod-eu has not been read.',
    ],
  ])(
    'are called none only with a reason: %s',
    async (_, answer, status, text) => {
      show({ answer: { findings: [], ...answer } });
      const said = await screen.findByText(text);
      expect(said.closest('[data-status]')).toHaveAttribute(
        'data-status',
        status,
      );
    },
  );
});
