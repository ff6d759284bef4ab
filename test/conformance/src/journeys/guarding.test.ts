import type { IntentOf } from '@istio-backstage/plugin-istio-common';
import { readWorld } from '../world/WorldHandle';
import { eventually } from './eventually';
import type { ProductWorld, RequestCounts, WorkloadName } from './ProductWorld';
import { revert } from './shifting';
import { PAYMENTS, POLICIES } from './types';
import { useSetting } from './useSetting';

jest.setTimeout(400_000);

const CHARGES = 'http://payments.payments:8080/charges';
const FRAUD_CHECK = { namespace: 'payments', workload: 'fraud-check' };
const REFUSED = '403';
const STOREFRONT_TEAM = 'group:default/storefront-team';

type Rules = IntentOf<'whoMayCall'>['params'];

/** Sends until a policy refuses every request, or none, then counts. */
async function countWhen(
  world: ProductWorld,
  options: { from: WorkloadName; refused: boolean },
): Promise<RequestCounts> {
  const { from, refused } = options;
  const send = (count: number) => world.send({ from, url: CHARGES, count });
  const fits = ({ answered, statuses }: RequestCounts) =>
    answered > 0 && (statuses[REFUSED] ?? 0) === (refused ? answered : 0);
  await eventually(() => send(20), fits, {
    withinMs: 90_000,
    what: `${from.workload} is ${refused ? 'refused' : 'let in'}`,
    show: ({ statuses }) => statuses,
  });
  const counts = await send(50);
  expect({ statuses: counts.statuses, fits: fits(counts) }).toMatchObject({
    fits: true,
  });
  return counts;
}

const told = (counts: RequestCounts[]) =>
  counts.map(({ statuses }) => JSON.stringify(statuses)).join(' -> ');

describe('Who may call', () => {
  const setting = useSetting();

  const denyCheckout = () =>
    rulesOf({
      action: 'DENY',
      rules: [{ principals: ['cluster.local/ns/storefront/sa/checkout'] }],
    });

  function rulesOf(rules: Pick<Rules, 'action' | 'rules'> & Partial<Rules>) {
    return {
      type: 'whoMayCall' as const,
      params: {
        clusters: [setting().world.clusters[0].name],
        namespace: 'payments',
        service: 'payments',
        dryRun: false,
        ...rules,
      },
    };
  }

  // In the sandbox who never calls there makes no requests that could be counted.
  if (readWorld().kind !== 'lab') {
    it('what an exercise would write is previewed, and who it would cut off is asked', async () => {
      const { portal } = setting();
      const { answer } = await eventually(
        () =>
          portal.as('jonas.weber').previewChange({
            entityRef: PAYMENTS,
            intent: denyCheckout(),
          }),
        ({ approvals = [] }) =>
          approvals.some(({ by }) => by.includes(STOREFRONT_TEAM)),
        { withinMs: 90_000, what: 'The approval of who is cut off is asked' },
      );
      expect(answer.dryRun).toMatchObject([{ result: 'accepted' }]);
    });
    return;
  }

  it('an ALLOW rule turns 403 into 200 for the caller it names, and taken back into 403 again', async () => {
    const { world, portal, figures } = setting();
    const jonas = portal.as('jonas.weber');
    const before = await countWhen(world, {
      from: FRAUD_CHECK,
      refused: true,
    });
    const policy = `${POLICIES}/allow-callers`;
    const written = await world.read(policy);

    const intent = rulesOf({
      action: 'ALLOW',
      policy: 'allow-callers',
      keepOthers: true,
      rules: [{ principals: ['cluster.local/ns/payments/sa/fraud-check'] }],
    });
    const preview = await jonas.previewChange({
      entityRef: PAYMENTS,
      intent,
    });
    expect(preview.dryRun).toMatchObject([
      { result: 'accepted', istioWebhook: 'tookPart' },
    ]);
    const change = await jonas.submitChange({
      entityRef: PAYMENTS,
      intent,
      planHash: preview.plan.hash,
      reason: 'An exercise',
    });
    expect(change.state).toBe('applied');
    const during = await countWhen(world, {
      from: FRAUD_CHECK,
      refused: false,
    });
    expect(Object.keys(during.statuses)).toEqual(['200']);

    const back = await revert(jonas, {
      id: change.id,
      reason: 'End of the exercise',
    });
    expect(back.state).toBe('applied');
    const after = await countWhen(world, {
      from: FRAUD_CHECK,
      refused: true,
    });
    expect((await world.read(policy)).spec).toEqual(written.spec);
    figures.push(`ALLOW for fraud-check: ${told([before, during, after])}`);
  });
});
