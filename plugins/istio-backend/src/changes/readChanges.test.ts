import { ulid } from 'ulid';
import { REVIEWS } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const RATINGS = 'component:default/ratings';

describe('reading changes', () => {
  const open = useMesh();

  /** One change of reviews, and one row of ratings that a test made. */
  async function withTwoComponents() {
    const opened = await open();
    const { harness, knex } = opened;
    const change = await harness.shift([70, 30, 0]);
    const other = ulid();
    const row = await knex('mesh_change').where({ id: change.id }).first();
    await knex('mesh_change').insert({
      ...row,
      id: other,
      entity_ref: RATINGS,
      created_at: row.created_at + 1,
    });
    return { ...opened, change, other };
  }

  it('lists what the person may read, page by page', async () => {
    const { harness, change, other } = await withTwoComponents();
    const list = (query: { cursor?: string; limit: number }) =>
      harness.service.list(query, harness.as('mira.kovac'));
    const first = await list({ limit: 1 });
    const second = await list({ limit: 1, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([
      other,
      change.id,
    ]);

    harness.decide = (_, permission, ref) =>
      permission !== 'istio.audit.read' || ref === REVIEWS;
    const readable = await list({ limit: 1 });
    expect(readable.items.map(({ id }) => id)).toEqual([change.id]);
  });

  it('asks for the permission on the component that is named', async () => {
    const { harness } = await withTwoComponents();
    harness.decide = (_, permission) => permission !== 'istio.audit.read';
    await expect(
      harness.service.list(
        { entityRef: REVIEWS, limit: 10 },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it('does not give a change away by its id', async () => {
    const { harness, change } = await withTwoComponents();
    harness.hidden.add(REVIEWS);
    const context = harness.as('dan.osei');
    for (const attempt of [
      harness.service.get(change.id, context),
      harness.service.previewRevert(change.id, context),
      harness.service.revert(
        change.id,
        { reason: 'Because', planHash: 'a'.repeat(64) },
        context,
      ),
      harness.service.get(ulid(), context),
    ]) {
      await expect(attempt).rejects.toMatchObject({
        name: 'NotFoundError',
        message: expect.stringMatching(/^There is no change /),
      });
    }
    harness.hidden.clear();
    harness.decide = (_, permission) => permission !== 'istio.audit.read';
    await expect(harness.service.get(change.id, context)).rejects.toMatchObject(
      { name: 'NotAllowedError' },
    );
  });

  it('gives the history of a component as marks', async () => {
    const { harness, change } = await withTwoComponents();
    const [mark] = await harness.history.listForEntity(REVIEWS, 5);
    expect(mark).toMatchObject({
      id: change.id,
      title: 'reviews: v2 from 20 to 30 %',
      state: 'applied',
      by: 'user:default/mira.kovac',
    });
  });
});
