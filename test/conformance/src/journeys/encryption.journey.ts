import type {
  ComponentMesh,
  PlaintextCaller,
} from '@istio-backstage/plugin-istio-common';
import { changeWithApproval } from './changeWithApproval';
import { eventually } from './eventually';
import { setting } from './sharedSetting';
import { revert } from './shifting';
import { PAYMENTS, PAYMENTS_POLICY } from './types';

const OUTSIDER = { namespace: 'legacy', workload: 'legacy-billing' };
/** In the mesh, with a DestinationRule that turns encryption off. */
const PLAIN_CALLER = { namespace: 'catalog', workload: 'catalog-v1' };
const CALLER = { namespace: 'storefront', workload: 'checkout' };
const PAYMENTS_URL = 'http://payments.payments:8080/callbacks';

const portOf = ({ mtls }: ComponentMesh) =>
  mtls?.ports.find(({ port }) => port === 8080);
const modeOf = (mesh: ComponentMesh) => portOf(mesh)?.mode;

function names(
  mtls: ComponentMesh['mtls'],
  caller: Pick<PlaintextCaller, 'workload' | 'namespace'>,
): boolean {
  return (mtls?.observed.plaintextCallers ?? []).some(
    ({ workload, namespace }) =>
      workload === caller.workload && namespace === caller.namespace,
  );
}

describe('Encryption', () => {
  it('names the plaintext callers; STRICT, with approval by the owner of one, refuses them until it is taken back', async () => {
    const { world, portal, figures } = setting();
    const [{ name: cluster }] = world.clusters;
    const jonas = portal.as('jonas.weber');
    const read = () => jonas.getComponentMesh(PAYMENTS, { window: '1m' });
    const before = await world.read(PAYMENTS_POLICY);
    const traffic = await Promise.all(
      [OUTSIDER, PLAIN_CALLER, CALLER].map(from =>
        world.keepSending({ from, url: PAYMENTS_URL, perSecond: 5 }),
      ),
    );
    try {
      const { answer } = await eventually(
        read,
        ({ mtls }) =>
          (mtls?.observed.encryptedShare ?? 0) > 0 &&
          [PLAIN_CALLER, OUTSIDER].every(caller => names(mtls, caller)),
        {
          withinMs: 90_000,
          what: 'The plaintext callers are named',
          show: ({ mtls }) => mtls,
        },
      );
      expect(modeOf(answer)).toBe('PERMISSIVE');
      expect(portOf(answer)?.decidedBy).toMatchObject({
        by: 'object',
        object: { kind: 'PeerAuthentication', name: 'payments' },
        fieldPath: 'spec.mtls.mode',
      });
      const open = await world.send({
        from: OUTSIDER,
        url: PAYMENTS_URL,
        count: 5,
      });
      expect(open.answered).toBeGreaterThanOrEqual(5);

      const { change } = await changeWithApproval(portal, {
        entityRef: PAYMENTS,
        intent: {
          type: 'mtlsMode',
          params: {
            clusters: [cluster],
            namespace: 'payments',
            service: 'payments',
            level: 'workload',
            mode: 'STRICT',
          },
        },
        reason: 'An exercise',
        requester: 'jonas.weber',
        approver: { person: 'mira.kovac', team: 'group:default/catalog-team' },
      });
      expect(change.state).toBe('applied');
      await eventually(read, current => modeOf(current) === 'STRICT', {
        withinMs: 10_000,
        what: 'The product says STRICT',
      });
      const { answer: refused } = await eventually(
        () =>
          world.send({
            from: OUTSIDER,
            url: PAYMENTS_URL,
            count: 20,
            refused: true,
          }),
        ({ answered }) => answered === 0,
        { withinMs: 60_000, what: 'STRICT refuses the plaintext caller' },
      );
      const inside = await world.send({
        from: CALLER,
        url: PAYMENTS_URL,
        count: 20,
      });
      expect(inside.answered).toBeGreaterThanOrEqual(20);
      const { answer: strict } = await eventually(
        read,
        ({ mtls }) => mtls?.observed.encryptedShare === 1,
        {
          withinMs: 150_000,
          what: 'Only encrypted requests are observed',
          show: ({ mtls }) => mtls?.observed,
        },
      );
      expect(strict.mtls!.observed.plaintextCallers).toEqual([]);

      const back = await revert(jonas, {
        id: change.id,
        reason: 'End of the exercise',
      });
      expect(back.state).toBe('applied');
      expect((await world.read(PAYMENTS_POLICY)).spec).toEqual(before.spec);
      const { answer: again } = await eventually(
        () => world.send({ from: OUTSIDER, url: PAYMENTS_URL, count: 5 }),
        ({ answered }) => answered >= 5,
        { withinMs: 60_000, what: 'The plaintext caller is let in again' },
      );
      figures.push(
        `Plaintext caller: ${[open, refused, again]
          .map(({ statuses }) => JSON.stringify(statuses))
          .join(' -> ')} (before STRICT, with it, taken back)`,
      );
    } finally {
      await world.patch(PAYMENTS_POLICY, [
        { op: 'replace', path: '/spec', value: before.spec },
      ]);
      await Promise.all(traffic.map(({ stop }) => stop()));
    }
  });
});
