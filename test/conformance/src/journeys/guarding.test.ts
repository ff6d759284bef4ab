import {
  type Change,
  type ChangePreview,
  type Intent,
  type IstioClient,
} from '@istio-backstage/plugin-istio-common';
import { eventually } from './eventually';
import type { ProductWorld, RequestCounts, WorkloadName } from './ProductWorld';
import { revert } from './shifting';
import { PAYMENTS } from './types';
import { useSetting } from './useSetting';

jest.setTimeout(400_000);

const ALLOW_CALLERS =
  '/apis/security.istio.io/v1/namespaces/payments/authorizationpolicies/allow-callers';
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
    () => world.send({ from, url, count: 20 }),
    ({ statuses }) => Object.keys(statuses).join() === status,
    {
      withinMs: 90_000,
      what: `${from.workload} is answered ${status}`,
      show: ({ statuses }) => statuses,
    },
  );
  return world.send({ from, url, count: 50 });
}

describe('Who may call', () => {
  const setting = useSetting();

  it('an ALLOW rule turns 403 into 200 for the caller it names, and taken back into 403 again', async () => {
    const { world, portal, figures } = setting();
    // The sandbox makes no requests at will: who never calls there cannot be counted.
    if (process.env.CONFORMANCE_WORLD !== 'lab') return;
    const [{ name: cluster }] = world.clusters;
    const jonas = portal.as('jonas.weber');
    const from = { namespace: 'payments', workload: 'fraud-check' };
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
        rules: [{ principals: ['cluster.local/ns/payments/sa/fraud-check'] }],
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
      `ALLOW for fraud-check: ${[before, during, after]
        .map(({ statuses }) => JSON.stringify(statuses))
        .join(' -> ')}`,
    );
  });
});
