import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseAuditLog } from '../audit/DatabaseAuditLog';
import type { TransactionalAuditLog } from '../audit/types';
import { DatabaseChangeHistory } from './DatabaseChangeHistory';
import { DatabaseChangeStore } from './DatabaseChangeStore';
import { migrateDatabase } from './migrateDatabase';
import { exampleChange, exampleEntry } from './__testUtils__/exampleChange';

jest.setTimeout(60_000);

const LOCK = 'prod-eu/networking.istio.io/VirtualService/catalog/reviews';

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('DatabaseChangeStore on %s', id => {
  let knex: Knex;
  let auditLog: DatabaseAuditLog;
  let store: DatabaseChangeStore;

  beforeEach(async () => {
    knex = await databases.init(id);
    await migrateDatabase({ getClient: async () => knex });
    auditLog = DatabaseAuditLog.create({ knex });
    store = DatabaseChangeStore.create({ knex, auditLog });
  });

  afterEach(async () => {
    await knex.migrate.down().catch(() => undefined);
  });

  const open = (
    changeId: string,
    overrides: Parameters<typeof exampleChange>[1] = {},
    lease?: { owner: string; seconds: number },
  ) =>
    store.insert({
      change: exampleChange(changeId, overrides),
      locks: [],
      lease,
      entries: [exampleEntry(changeId)],
    });

  it('gives back what was recorded, with times of the database', async () => {
    const changeId = ulid();
    const before = await store.now();
    await open(changeId, { ticket: 'CAT-219' });
    const change = await store.get(changeId);
    expect(change).toMatchObject({
      ...exampleChange(changeId),
      ticket: 'CAT-219',
    });
    expect(change?.createdAt).toBeGreaterThanOrEqual(before);
    expect(change?.createdAt).toBeLessThanOrEqual(await store.now());
    expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(60_000);
    expect(await store.get(ulid())).toBeUndefined();
  });

  it('updates a change as it was read, or not at all', async () => {
    const changeId = ulid();
    await open(changeId, { state: 'applying' });
    const read = await store.get(changeId);
    const update = (to: 'applied' | 'failed') =>
      store.update({
        id: changeId,
        from: ['applying', 'applied', 'failed'],
        to,
        revision: read?.revision,
        entries: [],
      });
    expect(await update('applied')).toBe(true);
    expect(await update('failed')).toBe(false);
    expect(await store.get(changeId)).toMatchObject({
      state: 'applied',
      revision: (read?.revision ?? 0) + 1,
    });
  });

  it('commits change and audit entry together, or neither', async () => {
    const changeId = ulid();
    const failing: TransactionalAuditLog = Object.assign(
      Object.create(auditLog),
      {
        appendWithin: async () => {
          throw new Error('disk full');
        },
      },
    );
    const broken = DatabaseChangeStore.create({ knex, auditLog: failing });
    await expect(
      broken.insert({
        change: exampleChange(changeId),
        locks: [LOCK],
        entries: [exampleEntry(changeId)],
      }),
    ).rejects.toThrow('disk full');
    expect(await store.get(changeId)).toBeUndefined();
    expect(await knex('object_lock')).toEqual([]);
    expect(await auditLog.list({})).toEqual([]);
  });

  it('lets one change hold an object, and gives it free', async () => {
    const [first, second] = [ulid(), ulid()];
    const insert = (changeId: string) =>
      store.insert({
        change: exampleChange(changeId),
        locks: ['prod-eu/another', LOCK],
        entries: [exampleEntry(changeId)],
      });
    expect(await insert(first)).toEqual({});
    expect(await insert(second)).toMatchObject({
      locked: { changeId: first },
    });
    expect(await store.get(second)).toBeUndefined();
    expect(await auditLog.list({ opIds: [second] })).toEqual([]);

    await store.update({
      id: first,
      from: ['applying'],
      to: 'applied',
      applied: true,
      releaseLocks: true,
      entries: [],
    });
    expect(await insert(second)).toEqual({});
  });

  it('lets one of two transitions win and writes nothing for the other', async () => {
    const changeId = ulid();
    await open(changeId);
    const move = (to: 'applied' | 'failed') =>
      store.update({
        id: changeId,
        from: ['applying'],
        to,
        entries: [exampleEntry(changeId, { kind: to })],
      });
    const won = await Promise.all([move('applied'), move('failed')]);
    expect(won.filter(Boolean)).toHaveLength(1);
    const state = won[0] ? 'applied' : 'failed';
    expect((await store.get(changeId))?.state).toBe(state);
    const kinds = (await auditLog.list({})).map(entry => entry.kind);
    expect(kinds).toEqual(['intent', state]);
  });

  it('keeps outcome and result of each object', async () => {
    const changeId = ulid();
    await open(changeId);
    const [operation] = exampleChange(changeId).operations;
    await store.update({
      id: changeId,
      from: ['applying'],
      operations: [
        {
          ...operation,
          outcome: 'applied',
          status: 200,
          auditId: 'A',
          resourceVersion: '42',
          sentAt: 1_700_000_000_001,
          result: { kind: 'VirtualService' },
        },
      ],
      entries: [],
    });
    expect((await store.get(changeId))?.operations).toEqual([
      expect.objectContaining({
        outcome: 'applied',
        status: 200,
        auditId: 'A',
        resourceVersion: '42',
        sentAt: 1_700_000_000_001,
        result: { kind: 'VirtualService' },
      }),
    ]);
  });

  it('sets observed once', async () => {
    const changeId = ulid();
    await open(changeId, { state: 'applied' });
    const observe = () =>
      store.update({
        id: changeId,
        from: ['applied'],
        observed: true,
        entries: [exampleEntry(changeId, { kind: 'observed' })],
      });
    expect(await observe()).toBe(true);
    expect(await observe()).toBe(false);
    expect((await store.get(changeId))?.observedAt).toBeDefined();
  });

  it('keeps what an applied change waits for, and of no other change', async () => {
    const applied = ulid();
    const applying = ulid();
    await open(applied, { state: 'applied' });
    await open(applying, {});
    for (const each of [applied, applying]) {
      await store.explainWait({ id: each, waitingFor: '12 requests since' });
    }
    expect((await store.get(applied))?.waitingFor).toBe('12 requests since');
    expect((await store.get(applying))?.waitingFor).toBeUndefined();
  });

  it('gives a lease to one replica until it runs out', async () => {
    const changeId = ulid();
    await open(changeId, {}, { owner: 'one', seconds: 60 });
    const claim = (owner: string) =>
      store.claim({ states: ['applying'], owner, seconds: 60, limit: 10 });
    expect(await claim('two')).toEqual([]);
    expect(
      await store.renewLease({ id: changeId, owner: 'two', seconds: 60 }),
    ).toBe(false);

    // The owner died: its lease is over.
    expect(
      await store.renewLease({ id: changeId, owner: 'one', seconds: -1 }),
    ).toBe(true);
    const claims = await Promise.all([claim('two'), claim('three')]);
    expect(claims.flat().map(change => change.id)).toEqual([changeId]);
    expect(
      await store.renewLease({ id: changeId, owner: 'one', seconds: 60 }),
    ).toBe(false);
    expect(
      await store.update({
        id: changeId,
        from: ['applying'],
        to: 'applied',
        leasedTo: 'one',
        entries: [],
      }),
    ).toBe(false);
  });

  it('pages newest first without loss or repetition', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const changeId = ulid();
      ids.push(changeId);
      await open(changeId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 3, cursor });
      seen.push(...page.items.map(change => change.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(7);
    expect([...seen].sort()).toEqual([...ids].sort());
    await expect(store.list({ limit: 3, cursor: 'x' })).rejects.toThrow(
      /^cursor: /,
    );
  });

  it('filters by component, state, person, time and text', async () => {
    const [a, b] = [ulid(), ulid()];
    await open(a, { reason: 'Fünf % mehr', state: 'verified' });
    const between = (await store.now()) + 1;
    while ((await store.now()) < between + 1) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    await open(b, {
      entityRef: 'component:default/payments',
      state: 'denied',
      requestedBy: { entityRef: 'user:default/vera.lind', groups: [] },
    });
    const find = async (
      query: Omit<Parameters<typeof store.list>[0], 'limit'>,
    ) => (await store.list({ ...query, limit: 10 })).items.map(item => item.id);
    expect(await find({ entityRefs: ['component:default/reviews'] })).toEqual([
      a,
    ]);
    expect(await find({ states: ['denied'] })).toEqual([b]);
    expect(await find({ by: 'user:default/vera.lind' })).toEqual([b]);
    expect(await find({ search: 'FÜNF % M' })).toEqual([a]);
    expect(await find({ search: 'f_nf' })).toEqual([]);
    expect(await find({ search: 'catalog/reviews' })).toHaveLength(2);
    expect(await find({ to: between })).toEqual([a]);
    expect(await find({ from: between })).toEqual([b]);
  });

  it('tells the history of entities as marks', async () => {
    const history = DatabaseChangeHistory.create({ knex });
    const [applied, denied, other] = [ulid(), ulid(), ulid()];
    await open(applied, { state: 'verified', ticket: 'CAT-219' });
    await open(denied, { state: 'denied' });
    await open(other, { entityRef: 'component:default/payments' });
    const marks = await history.listForEntity('component:default/reviews', 5);
    expect(marks.map(mark => mark.id).sort()).toEqual([applied, denied].sort());
    const last = await history.lastByEntity([
      'component:default/reviews',
      'component:default/payments',
      'component:default/nothing',
    ]);
    expect(last.get('component:default/reviews')).toEqual({
      id: applied,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      title: 'reviews: v2 from 20 to 30 %',
      state: 'verified',
      by: 'user:default/mira.kovac',
      ticket: 'CAT-219',
    });
    expect(last.get('component:default/payments')?.id).toBe(other);
    expect(last.size).toBe(2);
  });

  it('refuses to change or remove what was recorded', async () => {
    await open(ulid());
    // Errors of a native module are not errors of the test's realm: only the message counts.
    const refused = { message: expect.stringContaining('append-only') };
    await expect(
      knex('audit_entry').update({ actor: 'someone else' }),
    ).rejects.toMatchObject(refused);
    await expect(knex('audit_entry').delete()).rejects.toMatchObject(refused);
    expect(await auditLog.list({})).toHaveLength(1);
  });

  it('tells what happened in the order it was recorded', async () => {
    const changeId = ulid();
    await open(changeId);
    await auditLog.append([
      exampleEntry(changeId, { kind: 'outcome', event: undefined }),
      exampleEntry(changeId, {
        kind: 'applied',
        event: { kind: 'applied', text: 'Applied in 1 of 1 clusters' },
      }),
    ]);
    const events = (await auditLog.events([changeId])).get(changeId);
    expect(events?.map(({ kind, text }) => [kind, text])).toEqual([
      ['requested', 'Requested'],
      ['applied', 'Applied in 1 of 1 clusters'],
    ]);
    const entries = await auditLog.list({ opIds: [changeId] });
    expect(entries.map(entry => entry.kind)).toEqual([
      'intent',
      'outcome',
      'applied',
    ]);
    expect(entries[0].payload).toEqual({ reason: 'Next canary step' });
    expect(entries[1].seq).toBeGreaterThan(entries[0].seq);
  });
});
