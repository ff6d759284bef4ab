import { DatabaseChangeStore } from '../DatabaseChangeStore';
import { begun, outside, quiet } from '../../drift/__testUtils__/outside';
import type { ChangeHarness } from '../__testUtils__/ChangeHarness';
import { sync, useGitMesh } from './__testUtils__/useGitMesh';
import { ProposedCauses } from './ProposedCauses';

jest.setTimeout(60_000);

describe('what Argo CD writes because of a change through Git', () => {
  const prepare = useGitMesh();

  /** A replica that asks the host this often, or not for the time of a test, and that sees changes outside or does not. */
  async function reopen(
    harness: ChangeHarness,
    options: { pollSeconds: number; seesOutside: boolean },
  ) {
    const { pollSeconds, seesOutside } = options;
    await harness.stop();
    harness.git = { ...harness.git!, pollSeconds };
    harness.drift = seesOutside ? {} : undefined;
    await harness.open({ verifySeconds: 0.2 });
    harness.start();
  }

  const isApplied = async (harness: ChangeHarness, id: string) =>
    (await harness.get(id)).events.some(({ kind }) => kind === 'applied');

  it('is not told as a change from outside, whether the portal knows of the merge or not', async () => {
    const { harness, mesh, host, knex, forge } = await prepare();
    await reopen(harness, { pollSeconds: 3600, seesOutside: true });
    await begun(knex);
    const change = await harness.shift([60, 40, 0]);
    await host.merge(forge.repo, 1);
    await sync(mesh, [60, 40, 0]);
    await quiet(harness, mesh);
    expect((await harness.get(change.id)).state).toBe('proposed');
    expect(await outside(harness)).toEqual([]);

    await knex('mesh_change').update({ lease_until: 1 });
    await reopen(harness, { pollSeconds: 0.1, seesOutside: true });
    await harness.untilTrue(() => isApplied(harness, change.id));
    await quiet(harness, mesh);
    expect(await outside(harness)).toEqual([]);

    // The same once more is nobody's but who does it.
    await mesh.editElsewhere('prod-eu', [50, 50, 0]);
    await quiet(harness, mesh);
    await mesh.editElsewhere('prod-eu', [60, 40, 0]);
    await quiet(harness, mesh);
    expect(await outside(harness)).toHaveLength(2);
  });

  it('is explained by the record where it was applied while nobody looked, by an older version too', async () => {
    const { harness, mesh, host, knex, forge } = await prepare();
    await reopen(harness, { pollSeconds: 0.1, seesOutside: true });
    await begun(knex);
    await reopen(harness, { pollSeconds: 0.1, seesOutside: false });
    const change = await harness.shift([60, 40, 0]);
    await host.merge(forge.repo, 1);
    await sync(mesh, [60, 40, 0]);
    await harness.untilTrue(() => isApplied(harness, change.id));
    await reopen(harness, { pollSeconds: 0.1, seesOutside: true });
    await quiet(harness, mesh);
    expect(await outside(harness)).toEqual([]);

    const causes = ProposedCauses.create({
      store: DatabaseChangeStore.create({ knex, auditLog: harness.auditLog }),
      drafter: { sinkOf: () => undefined },
    });
    const [{ object: ref }] = (await harness.get(change.id)).operations;
    const live = mesh.route('prod-eu')!;
    const seenAt = (resourceVersion: number) =>
      causes.causesOf([
        {
          key: 'route',
          ref,
          live: {
            ...live,
            metadata: {
              ...live.metadata,
              resourceVersion: String(resourceVersion),
            },
          },
        },
      ]);
    const version = Number(live.metadata.resourceVersion);
    expect(await seenAt(version - 1)).toEqual(new Map([['route', change.id]]));
    expect(await seenAt(version + 1)).toEqual(new Map());
  });

  it('is told when somebody does by hand what is still under review', async () => {
    const { harness, mesh, knex } = await prepare();
    await reopen(harness, { pollSeconds: 3600, seesOutside: true });
    await begun(knex);
    await harness.shift([60, 40, 0]);
    await mesh.editElsewhere('prod-eu', [60, 40, 0]);
    await quiet(harness, mesh);
    expect(await outside(harness)).toHaveLength(1);
  });
});
