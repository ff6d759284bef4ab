import { eventually } from './eventually';
import { shiftReviews } from './shifting';
import { REVIEWS } from './types';
import { useSetting } from './useSetting';

jest.setTimeout(300_000);

describe('A dead cluster beside a live one', () => {
  const setting = useSetting({ clusters: 2 });

  it('says which cluster is dead, and goes on with the other', async () => {
    const { world, portal } = setting();
    const [live, dead] = world.clusters.map(({ name }) => name);
    const mira = portal.as('mira.kovac');
    const stateOf = async (cluster: string) =>
      (await mira.listClusters()).items.find(({ name }) => name === cluster)!;
    for (const cluster of [live, dead]) {
      await eventually(
        () => stateOf(cluster),
        ({ state }) => state === 'fresh',
        { withinMs: 60_000, what: `${cluster} is fresh` },
      );
    }
    await world.setSilent(dead, { silent: true });
    try {
      const { answer } = await eventually(
        () => stateOf(dead),
        ({ state }) => state === 'stale' || state === 'unreachable',
        { withinMs: 90_000, what: `${dead} is told dead` },
      );
      expect(answer.message).toMatch(/does not answer/);
      expect((await stateOf(live)).state).toBe('fresh');
      const started = Date.now();
      const { answer: mesh } = await eventually(
        () => mira.getComponentMesh(REVIEWS),
        ({ health }) => health?.leftOut.length === 1,
        { withinMs: 60_000, what: 'Health leaves the dead cluster out' },
      );
      expect(Date.now() - started).toBeLessThan(60_000);
      expect(mesh.health).toMatchObject({
        countedClusters: [live],
        leftOut: [{ cluster: dead }],
      });
      const preview = (cluster: string) =>
        mira.previewChange({
          entityRef: REVIEWS,
          intent: shiftReviews([cluster], [70, 30, 0]),
        });
      expect((await preview(live)).apply.allowed).toBe(true);
      await expect(preview(dead)).rejects.toMatchObject({ statusCode: 503 });
    } finally {
      await world.setSilent(dead, { silent: false });
    }
    await eventually(
      () => stateOf(dead),
      ({ state }) => state === 'fresh',
      { withinMs: 120_000, what: `${dead} is back` },
    );
  });
});
