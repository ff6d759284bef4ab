import type {
  Change,
  ChangePreview,
  Intent,
  IstioClient,
} from '@istio-backstage/plugin-istio-common';
import { eventually } from './eventually';
import type { ProductWorld, RequestCounts, WorkloadName } from './ProductWorld';
import { revert } from './shifting';
import { PAYMENTS, PAYMENTS_POLICY } from './types';
import { useSetting } from './useSetting';

jest.setTimeout(400_000);

const ALLOW_CALLERS =
  '/apis/security.istio.io/v1/namespaces/payments/authorizationpolicies/allow-callers';
const CALLBACKS = 'http://payments.payments:8080/callbacks';
const OUTSIDER = { namespace: 'legacy', workload: 'legacy-billing' };
const CHECKOUT = { namespace: 'storefront', workload: 'checkout' };
/** In the mesh, with a DestinationRule that turns encryption off. */
const PLAIN_CALLER = { namespace: 'catalog', workload: 'catalog-v1' };
const place = { namespace: 'payments', service: 'payments' };

/** Preview and submit, as the dialogs do. */
async function change(
  client: IstioClient,
  intent: Intent,
): Promise<{ preview: ChangePreview; change: Change }> {
  const preview = await client.previewChange({ entityRef: PAYMENTS, intent });
  return {
    preview,
    change: await client.submitChange({
      entityRef: PAYMENTS,
      intent,
      planHash: preview.plan.hash,
      reason: 'An exercise',
    }),
  };
}

/** Sends until every answer has the status, then counts. */
async function countWhen(
  world: ProductWorld,
  options: { from: WorkloadName; status: string; path: string },
): Promise<RequestCounts> {
  const { from, status, path } = options;
  const url = `http://payments.payments:8080${path}`;
  await eventually(
    () => world.send({ from, url, count: 5 }),
    ({ statuses }) => Object.keys(statuses).join() === status,
    {
      withinMs: 90_000,
      what: `${from.workload} is answered ${status}`,
      show: ({ statuses }) => statuses,
    },
  );
  return world.send({ from, url, count: 50 });
}

// The sandbox makes no requests of its own at will: who never calls there cannot be counted.
const describeInLab =
  process.env.CONFORMANCE_WORLD === 'lab' ? describe : describe.skip;

describeInLab('Who may call', () => {
  const setting = useSetting();

  it('an ALLOW rule turns 403 into 200 for the caller it names, and taken back into 403 again', async () => {
    const { world, portal, figures } = setting();
    const [{ name: cluster }] = world.clusters;
    const jonas = portal.as('jonas.weber');
    const from = { namespace: 'catalog', workload: 'ratings' };
    const path = '/charges';
    const before = await countWhen(world, { from, status: '403', path });
    const written = await world.read(ALLOW_CALLERS);

    const allowed = await change(jonas, {
      type: 'whoMayCall',
      params: {
        ...place,
        clusters: [cluster],
        action: 'ALLOW',
        policy: 'allow-callers',
        dryRun: false,
        keepOthers: true,
        rules: [{ principals: ['cluster.local/ns/catalog/sa/ratings'] }],
      },
    });
    expect(allowed.preview.dryRun).toMatchObject([
      { result: 'accepted', istioWebhook: 'tookPart' },
    ]);
    expect(allowed.change.state).toBe('applied');
    const during = await countWhen(world, { from, status: '200', path });

    const back = await revert(jonas, {
      id: allowed.change.id,
      reason: 'End of the exercise',
    });
    expect(back.state).toBe('applied');
    const after = await countWhen(world, { from, status: '403', path });
    expect((await world.read(ALLOW_CALLERS)).spec).toEqual(written.spec);
    figures.push(
      `ALLOW for ratings: ${[before, during, after]
        .map(({ statuses }) => JSON.stringify(statuses))
        .join(' -> ')}`,
    );
  });
});

describe('Encryption through the portal', () => {
  const setting = useSetting();

  it('STRICT refuses the plaintext caller once a team that is cut off agrees, and back again', async () => {
    const { world, portal, figures } = setting();
    const [{ name: cluster }] = world.clusters;
    const jonas = portal.as('jonas.weber');
    const traffic = await Promise.all(
      [OUTSIDER, PLAIN_CALLER, CHECKOUT].map(from =>
        world.keepSending({ from, url: CALLBACKS, perSecond: 5 }),
      ),
    );
    try {
      const before = await world.read(PAYMENTS_POLICY);
      const intent: Intent = {
        type: 'mtlsMode',
        params: {
          ...place,
          clusters: [cluster],
          level: 'workload',
          mode: 'STRICT',
        },
      };
      await eventually(
        () => jonas.previewChange({ entityRef: PAYMENTS, intent }),
        ({ callers }) =>
          callers.some(
            ({ workload, access }) =>
              workload === OUTSIDER.workload && access?.after === 'refused',
          ),
        { withinMs: 90_000, what: 'The preview names who would be refused' },
      );
      const strict = await change(jonas, intent);
      expect(strict.preview.dryRun).toMatchObject([
        { result: 'accepted', istioWebhook: 'tookPart' },
      ]);
      expect(strict.change.state).toBe('awaitingApproval');
      await portal.as('mira.kovac').approveChange(strict.change.id, {
        approvalHash: strict.change.approval?.hash ?? '',
      });
      const refused = await eventually(
        () =>
          world.send({
            from: OUTSIDER,
            url: CALLBACKS,
            count: 20,
            refused: true,
          }),
        ({ answered }) => answered === 0,
        { withinMs: 90_000, what: 'STRICT refuses the plaintext caller' },
      );
      const inside = await world.send({
        from: CHECKOUT,
        url: CALLBACKS,
        count: 50,
      });
      figures.push(
        `STRICT: legacy-billing ${JSON.stringify(
          refused.answer.statuses,
        )}, checkout ${JSON.stringify(inside.statuses)}`,
      );
      expect(inside.answered).toBeGreaterThanOrEqual(50);

      const back = await revert(jonas, {
        id: strict.change.id,
        reason: 'End of the exercise',
      });
      expect(back.state).toBe('applied');
      expect((await world.read(PAYMENTS_POLICY)).spec).toEqual(before.spec);
      await eventually(
        () => world.send({ from: OUTSIDER, url: CALLBACKS, count: 5 }),
        ({ answered }) => answered >= 5,
        { withinMs: 90_000, what: 'The plaintext caller gets in again' },
      );
    } finally {
      await Promise.all(traffic.map(({ stop }) => stop()));
    }
  });
});
