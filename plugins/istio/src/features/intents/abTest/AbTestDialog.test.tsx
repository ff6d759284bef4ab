import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  ComponentMesh,
  IstioApi,
  ObjectView,
} from '@istio-backstage/plugin-istio-common';
import { IstioSurface } from '../../../data';
import { createFakeIstioApi } from '../../../__testUtils__/createFakeIstioApi';
import { renderWithMesh } from '../../../__testUtils__/renderWithMesh';
import { REVIEWS_REF, buildPreview } from '../../changes/__fixtures__/changes';
import { IntentHost } from '../IntentHost';
import {
  buildRoute,
  buildSplit,
  reviewsServices,
} from '../shiftTraffic/__fixtures__/reviewsSplit';

// Typing letter by letter takes seconds where the machine is busy.
jest.setTimeout(30_000);

const mesh = {
  clusters: ['prod-eu', 'prod-us'].map(name => ({ name, state: 'fresh' })),
  match: { services: reviewsServices, workloads: [], nearMisses: [] },
  split: buildSplit([buildRoute({ fieldPath: 'http[1]', index: 1 })]),
} as unknown as ComponentMesh;

/** A test that somebody wrote by hand above the route. */
const object: ObjectView['object'] = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'catalog' },
  spec: {
    hosts: ['reviews'],
    http: [
      {
        match: [{ headers: { cookie: { regex: '^(.*?;)?(qa=yes)(;.*)?$' } } }],
        route: [{ destination: { host: 'reviews', subset: 'v2' } }],
      },
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 80 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 20 },
        ],
      },
    ],
  },
};

async function open() {
  const previewChange = jest.fn(
    async (_: Parameters<IstioApi['previewChange']>[0]) =>
      buildPreview({ versions: [] }),
  );
  const user = userEvent.setup();
  await renderWithMesh(
    <IstioSurface>
      <IntentHost
        entityRef={REVIEWS_REF}
        mesh={mesh}
        state={{
          opened: { type: 'abTest', start: {} },
          open: () => undefined,
          close: () => undefined,
        }}
      />
    </IstioSurface>,
    {
      api: createFakeIstioApi({
        previewChange,
        getObject: async () => ({ object } as ObjectView),
      }),
    },
  );
  const condition = async (name: string) =>
    within(await screen.findByRole('group', { name }));
  return {
    user,
    condition,
    previewChange,
    asked: () => previewChange.mock.calls.at(-1)?.[0].intent,
  };
}

describe('A/B test', () => {
  it('begins with the groups that stand in the object, and asks for nothing yet', async () => {
    const { condition, previewChange } = await open();
    const first = await condition('Group A, condition 1');
    expect(first.getByRole('textbox', { name: 'Name' })).toHaveValue('qa');
    expect(first.getByRole('textbox', { name: 'Value' })).toHaveValue('yes');
    expect(screen.getByText(/Apply is off/)).toBeInTheDocument();
    expect(previewChange).not.toHaveBeenCalled();
  });

  it('says what is missing in which group, then asks for all groups', async () => {
    const { user, condition, asked } = await open();
    await condition('Group A, condition 1');
    await user.click(screen.getByRole('button', { name: 'Add a group' }));
    const second = await condition('Group B, condition 1');
    expect(
      second.getByText(/^Header: the name must be a header name/),
    ).toBeInTheDocument();
    await user.type(second.getByRole('textbox', { name: 'Name' }), 'x-beta');
    await user.type(second.getByRole('textbox', { name: 'Value' }), 'b');
    await waitFor(
      () =>
        expect(asked()).toEqual({
          type: 'abTest',
          params: {
            clusters: ['prod-eu', 'prod-us'],
            namespace: 'catalog',
            service: 'reviews',
            route: {
              kind: 'VirtualService',
              namespace: 'catalog',
              name: 'reviews',
              fieldPath: 'http[1]',
            },
            arms: [
              {
                who: [[{ by: 'cookie', name: 'qa', value: 'yes' }]],
                version: 'v2',
              },
              {
                who: [
                  [{ by: 'header', name: 'x-beta', op: 'exact', value: 'b' }],
                ],
                version: 'v3',
              },
            ],
            otherArms: 'end',
          },
        }),
      { timeout: 10_000 },
    );
  });

  it('turns off what the route cannot ask for, with the reason', async () => {
    const { user, condition } = await open();
    const first = await condition('Group A, condition 1');
    await user.click(first.getByRole('button', { name: /What is looked at/ }));
    const claim = await screen.findByRole('option', { name: /token claim/ });
    expect(claim).toHaveAttribute('aria-disabled', 'true');
    expect(claim).toHaveTextContent(
      'Not here: claims of a token are known at a gateway only',
    );
  });

  it('ends the test with a winner', async () => {
    const { user, condition, asked } = await open();
    await condition('Group A, condition 1');
    await user.click(screen.getByRole('button', { name: 'End the test' }));
    await user.click(screen.getByRole('button', { name: /Everybody/ }));
    await user.click(await screen.findByRole('option', { name: 'v2 alone' }));
    await waitFor(() =>
      expect(asked()).toMatchObject({
        params: { arms: [], otherArms: 'end', everybodyElse: 'v2' },
      }),
    );
  });
});
