import type { IntentOf } from '@istio-backstage/plugin-istio-common';
import { readWorld } from '../world/WorldHandle';
import { changeWithApproval } from './changeWithApproval';
import { eventually } from './eventually';
import type { ProductWorld, RequestCounts, WorkloadName } from './ProductWorld';
import { setting } from './sharedSetting';
import { revert } from './shifting';
import { PAYMENTS, POLICIES } from './types';

const CHARGES = 'http://payments.payments:8080/charges';
const CHECKOUT = { namespace: 'storefront', workload: 'checkout' };
const FRAUD_CHECK = { namespace: 'payments', workload: 'fraud-check' };
const REFUSED = '403';
const STOREFRONT_TEAM = 'group:default/storefront-team';

type Rules = IntentOf<'whoMayCall'>['params'];

/** Sends until a policy refuses every one of 50 requests, or none: proxies hear of it one after the other. */
async function countWhen(
  world: ProductWorld,
  options: { from: WorkloadName; refused: boolean },
): Promise<RequestCounts> {
  const { from, refused } = options;
  const { answer } = await eventually(
    () => world.send({ from, url: CHARGES, count: 50 }),
    ({ answered, statuses }) =>
      answered > 0 && (statuses[REFUSED] ?? 0) === (refused ? answered : 0),
    {
      withinMs: 90_000,
      what: `${from.workload} is ${refused ? 'refused' : 'let in'}`,
      show: ({ statuses }) => statuses,
    },
  );
  return answer;
}

const told = (counts: RequestCounts[]) =>
  counts.map(({ statuses }) => JSON.stringify(statuses)).join(' -> ');

describe('Who may call', () => {
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

  it('a DENY rule, approved by the team it cuts off, turns every answer into 403 until it is taken back', async () => {
    const { world, portal, figures } = setting();
    const before = await countWhen(world, { from: CHECKOUT, refused: false });
    const { preview, change } = await changeWithApproval(portal, {
      entityRef: PAYMENTS,
      intent: rulesOf({
        action: 'DENY',
        rules: [{ principals: ['cluster.local/ns/storefront/sa/checkout'] }],
      }),
      reason: 'An exercise',
      requester: 'jonas.weber',
      approver: { person: 'dan.osei', team: STOREFRONT_TEAM },
    });
    expect(preview.dryRun).toMatchObject([
      { result: 'accepted', istioWebhook: 'tookPart' },
    ]);
    expect(change.state).toBe('applied');
    const during = await countWhen(world, { from: CHECKOUT, refused: true });
    const back = await revert(portal.as('jonas.weber'), {
      id: change.id,
      reason: 'End of the exercise',
    });
    expect(back.state).toBe('applied');
    const after = await countWhen(world, { from: CHECKOUT, refused: false });
    figures.push(`DENY for checkout: ${told([before, during, after])}`);
  });

  // In the sandbox who never calls there makes no requests that could be counted.
  if (readWorld().kind !== 'lab') return;

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
