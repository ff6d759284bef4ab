import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../../__testUtils__/createFakeIstioApi';
import { FIXTURE_NOW } from '../../__testUtils__/fixtures';
import { paymentsRouteView } from '../../__testUtils__/objectFixtures';
import { refusal } from '../../__testUtils__/refusal';
import {
  PAYMENTS_MESH_PATH,
  renderWithMesh,
} from '../../__testUtils__/renderWithMesh';
import { virtualService } from '../../__testUtils__/routeFixtures';
import { ObjectLink } from '../../components';
import { IstioSurface } from '../../data';
import {
  ChangeDialog,
  ChangeDialogLayout,
} from '../changes/dialog/ChangeDialog';

jest.setTimeout(30_000);

function Page(props: { fieldPath?: string; inDialog?: boolean }) {
  const { search } = useLocation();
  const link = (
    <ObjectLink object={virtualService} fieldPath={props.fieldPath} />
  );
  return (
    <>
      <IstioSurface>
        <p data-testid="search">{search}</p>
        {props.inDialog ? (
          <ChangeDialog isOpen onClose={() => {}}>
            <ChangeDialogLayout title="Shift traffic" left={link} footer="" />
          </ChangeDialog>
        ) : (
          link
        )}
      </IstioSurface>
      <IstioSurface>A second card</IstioSurface>
    </>
  );
}

function show(
  options: {
    getObject?: IstioApi['getObject'];
    search?: string;
    fieldPath?: string;
    inDialog?: boolean;
  } = {},
) {
  const { search = '', fieldPath, inDialog } = options;
  const api = createFakeIstioApi({
    getObject: options.getObject ?? (async () => paymentsRouteView),
  });
  renderWithMesh(<Page fieldPath={fieldPath} inDialog={inDialog} />, {
    api,
    path: `${PAYMENTS_MESH_PATH}${search}`,
  });
  return { api, user: userEvent.setup() };
}

const dialog = () => screen.findByRole('dialog', { name: /VirtualService/ });
const marked = (within_: HTMLElement) =>
  [...within_.querySelectorAll('mark')].map(line =>
    line.textContent?.replace(/^marked: | \(end of the marked lines\)$/g, ''),
  );

describe('an object of an answer', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(FIXTURE_NOW);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('opens with the deciding field marked, and goes again', async () => {
    const { api, user } = show({
      search: '?window=1h',
      fieldPath: 'http[1].route[0].destination.subset',
    });
    await user.click(
      await screen.findByRole('link', {
        name: 'VirtualService payments/payments, field http[1].route[0].destination.subset',
      }),
    );
    const opened = await dialog();
    await within(opened).findByText('kind: VirtualService');
    expect(marked(opened)).toEqual(['            subset: v2']);
    expect(opened).toHaveTextContent(
      'Marked: spec.http[1].route[0].destination.subset',
    );
    expect(opened).toHaveTextContent('Clusterprod-eu');
    expect(opened).toHaveTextContent('Created3 d ago');
    expect(opened).toHaveTextContent('kubectl-edit (claimed)');
    expect(opened).toHaveTextContent('Argo CD application shop');
    expect(api.getObject).toHaveBeenCalledWith(
      virtualService,
      expect.anything(),
    );
    expect(screen.getByTestId('search')).toHaveTextContent('object=');

    await user.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(screen.getByTestId('search')).toHaveTextContent('?window=1h');
    expect(screen.getByTestId('search')).not.toHaveTextContent('field');
  });

  const OPEN =
    '?object=VirtualService,networking.istio.io/v1,payments,payments,prod-eu';

  it('opens from its address alone, once on a page with several surfaces', async () => {
    show({ search: `${OPEN}&field=spec.hosts[0]` });
    expect(marked(await dialog())).toEqual([]);
    await waitFor(async () =>
      expect(marked(await dialog())).toEqual(['    - payments']),
    );
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
  });

  it('marks what would hold a field that is not set, and says so', async () => {
    show({ search: `${OPEN}&field=spec.http[0].timeout` });
    const note = await screen.findByText(
      'The object does not set spec.http[0].timeout. Marked is what would hold it: spec.http[0]',
    );
    expect(note).toBeInTheDocument();
    expect(marked(await dialog())).toHaveLength(4);
  });

  it('copies the YAML without numbers and words', async () => {
    const { user } = show({ search: OPEN });
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    await user.click(
      await screen.findByRole('button', { name: 'Copy the YAML' }),
    );
    expect(writeText.mock.calls[0][0]).toMatch(
      /^apiVersion: networking.istio.io\/v1\nkind: VirtualService\n/,
    );
  });

  it('says that a copy is old, and that it is not whole', async () => {
    show({
      search: OPEN,
      getObject: async () => ({
        ...paymentsRouteView,
        state: 'stale',
        message: 'no answer since 14:25',
        partial: true,
        managedBy: [],
        entityRefs: [],
      }),
    });
    const opened = await dialog();
    await within(opened).findByText(/not the whole object/);
    expect(opened).toHaveTextContent('Stale, 4 s ago: no answer since 14:25');
    expect(opened).toHaveTextContent('The object does not say');
  });

  it('explains an object that is not there', async () => {
    show({
      search: OPEN,
      getObject: async () => {
        throw await refusal(404, 'None of that');
      },
    });
    const opened = await dialog();
    await within(opened).findByText('Not there, or not yours to see');
    expect(opened).toHaveTextContent('None of that.');
    expect(opened).toHaveTextContent(
      'kubectl get virtualservice.networking.istio.io payments -n payments -o yaml',
    );
  });

  it('opens above a dialog, which stays', async () => {
    const { user } = show({ inDialog: true });
    await user.click(
      await screen.findByRole('link', {
        name: 'VirtualService payments/payments',
      }),
    );
    await within(await dialog()).findByText('kind: VirtualService');
    await user.keyboard('{Escape}');
    await waitFor(() =>
      expect(
        screen.queryByRole('dialog', { name: /VirtualService/ }),
      ).not.toBeInTheDocument(),
    );
    expect(
      screen.getByRole('link', { name: 'VirtualService payments/payments' }),
    ).toBeInTheDocument();
  });
});
