import { useMesh } from '../changes/__testUtils__/useMesh';
import { begun, outside, quiet } from './__testUtils__/outside';

jest.setTimeout(60_000);

describe('a write that takes effect after its change was closed', () => {
  const open = useMesh();

  it('is nobody else’s, and neither is its undo, whenever they are seen', async () => {
    const { harness, mesh, knex } = await open();
    harness.drift = {};
    await harness.stop();
    await harness.open({
      leaseSeconds: 1,
      inFlightSeconds: 0,
      recoverSeconds: 0.2,
    });
    harness.start();
    await begun(knex);
    const before = mesh.route('prod-eu')!;
    const request = await harness.request([70, 30, 0]);
    mesh.beforeWrite = async () => {
      // The process stands still until another one closed the change.
      mesh.beforeWrite = () => quiet(harness, mesh);
      await harness.untilTrue(async () => {
        const [{ state }] = await knex('mesh_change').where(
          'intent_type',
          'shiftTraffic',
        );
        return state === 'failed';
      });
    };
    const change = await harness.service.submit(
      request,
      harness.as('mira.kovac'),
    );
    expect(mesh.writes).toHaveLength(2);
    expect(mesh.route('prod-eu')?.spec).toEqual(before.spec);
    const { events, operations } = await harness.get(change.id);
    expect(operations).toMatchObject([{ outcome: 'undone' }]);
    expect(events.at(-1)?.text).toMatch(
      /^Undone after the change was closed as failed/,
    );
    await quiet(harness, mesh);
    expect(await outside(harness)).toEqual([]);
  });
});
