import { readWorld } from '../world/WorldHandle';
import { eventually } from './eventually';
import { setting } from './sharedSetting';
import { REVIEWS, REVIEWS_ROUTE, RULES } from './types';

const { abilities, control } = readWorld();

/** Nothing of the past can be replayed any more, where the world can forget it. */
async function compact(): Promise<void> {
  if (!abilities.includes('compact')) return;
  const answer = await fetch(`${control}/compact`, { method: 'POST' });
  expect(answer.status).toBe(200);
}

describe('Changes past the portal', () => {
  const weight = (value: number) => [
    { op: 'replace', path: '/spec/http/0/route/0/weight', value },
    { op: 'replace', path: '/spec/http/0/route/1/weight', value: 100 - value },
  ];

  it('are told once each: an edit, a deletion, and what happened while no portal ran', async () => {
    const { world, portal, figures } = setting();
    const mira = portal.as('mira.kovac');
    const [{ name: cluster }] = world.clusters;
    // The first comparison takes everything as it is.
    await eventually(
      async () => portal.log(),
      log =>
        log.includes(
          `Changes made in ${cluster} outside the portal are recorded`,
        ),
      {
        withinMs: 120_000,
        what: 'The first comparison is made',
        show: log => log.slice(-1_000),
      },
    );
    const list = async () =>
      (
        await mira.listChanges({
          entityRef: REVIEWS,
          origin: 'outside',
          limit: 100,
        })
      ).items;
    const before = new Set((await list()).map(({ id }) => id));
    const news = async () => (await list()).filter(({ id }) => !before.has(id));
    const untilNews = (count: number) =>
      eventually(news, items => items.length === count, {
        withinMs: 60_000,
        what: `${count} changes past the portal are told`,
        show: items => items.map(({ title }) => title),
      });

    const spec = (await world.read(REVIEWS_ROUTE)).spec;
    await world.patch(REVIEWS_ROUTE, weight(60));
    const edited = await untilNews(1);
    figures.push(`An edit was told after ${edited.tookMs} ms`);
    const [edit] = edited.answer;
    expect(edit).toMatchObject({
      state: 'outside',
      external: {
        action: 'edited',
        generations: 1,
        claims: [
          {
            manager: 'kubectl-edit',
            operation: 'Update',
            fields: expect.arrayContaining(['spec.http[0].route[0].weight']),
          },
        ],
      },
      revert: { possible: true },
    });

    const { plan } = await mira.previewRevert(edit.id);
    const revert = await mira.revertChange(edit.id, {
      reason: 'Nobody agreed to it',
      planHash: plan.hash,
    });
    expect(revert.state).toBe('applied');
    expect((await world.read(REVIEWS_ROUTE)).spec).toEqual(spec);
    expect((await mira.getChange(edit.id)).state).toBe('reverted');

    const rule = await world.read(`${RULES}/reviews`);
    await world.remove(`${RULES}/reviews`);
    const deleted = await untilNews(2);
    expect(deleted.answer[0].external).toMatchObject({
      action: 'deleted',
      claims: [],
    });

    await portal.restart(async () => {
      await world.patch(REVIEWS_ROUTE, weight(50));
      await world.patch(REVIEWS_ROUTE, weight(40));
      await world.create(RULES, {
        apiVersion: rule.apiVersion,
        kind: rule.kind,
        metadata: { name: 'reviews', namespace: 'catalog' },
        spec: rule.spec,
      });
      await compact();
    });
    const missed = await untilNews(4);
    const told = missed.answer.map(({ external }) => [
      external?.action,
      external?.generations,
      external?.claims[0]?.manager,
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['edited', 2, 'kubectl-edit'],
        ['created', undefined, 'kubectl-create'],
      ]),
    );
    // The revert is the portal's own; nothing of it, and nothing twice, is among them.
    expect(told.map(([action]) => action).sort()).toEqual([
      'created',
      'deleted',
      'edited',
      'edited',
    ]);
  });
});
