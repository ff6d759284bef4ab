import {
  describeClaim,
  objectKey,
  observeObject,
  refTo,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseAuditLog } from '../audit/DatabaseAuditLog';
import { exampleChange } from '../changes/__testUtils__/exampleChange';
import { DatabaseChangeStore } from '../changes/DatabaseChangeStore';
import { migrateDatabase } from '../changes/migrateDatabase';
import { lockKeyOf } from '../changes/objectLocks';
import { DatabaseDriftStore } from './DatabaseDriftStore';
import { describeExternals } from './describeExternals';
import type { DescribeSteps, ObservedScope, SeenObject } from './types';

jest.setTimeout(60_000);

const SCOPE: ObservedScope = {
  cluster: 'prod-eu',
  clusterUid: 'uid-of-prod-eu',
  kind: 'VirtualService',
};

function route(
  version: number,
  spec: Record<string, unknown>,
  overrides: { name?: string; uid?: string; manager?: string } = {},
): KubeObject {
  const { name = 'reviews', uid = 'one', manager = 'kubectl-edit' } = overrides;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name,
      namespace: 'catalog',
      uid,
      resourceVersion: String(version),
      generation: version,
      managedFields: [
        { manager, operation: 'Update', time: `2026-07-14T10:00:${version}Z` },
      ],
    },
    spec,
  };
}

const seenAs = (live: KubeObject): SeenObject => ({
  key: objectKey(live),
  ref: refTo('prod-eu', live),
  live,
  after: observeObject(live),
});

const goneAs = ({ live: _, after: __, ...seen }: SeenObject): SeenObject =>
  seen;

const describe_: DescribeSteps = (seen, steps) =>
  describeExternals({
    seen,
    steps,
    settings: { ignoreManagers: ['flagger'] },
    clusterUid: SCOPE.clusterUid,
    concerned: () => ({
      primary: 'component:default/reviews',
      all: ['component:default/reviews', 'component:default/ratings'],
    }),
    at: 1_700_000_000_000,
  });

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('DatabaseDriftStore on %s', id => {
  let knex: Knex;
  let auditLog: DatabaseAuditLog;
  let changes: DatabaseChangeStore;
  let store: DatabaseDriftStore;

  beforeEach(async () => {
    knex = await databases.init(id);
    await migrateDatabase({ getClient: async () => knex });
    auditLog = DatabaseAuditLog.create({ knex });
    changes = DatabaseChangeStore.create({ knex, auditLog });
    store = DatabaseDriftStore.create({ knex, auditLog });
    const first = route(10, { timeout: '5s' });
    await store.begin(SCOPE, [
      { key: objectKey(first), observed: observeObject(first) },
    ]);
  });

  afterEach(async () => {
    await knex.migrate.down().catch(() => undefined);
  });

  const settle = (...seen: SeenObject[]) =>
    store.settle({ scope: SCOPE, seen, describe: describe_ });

  const edited = seenAs(route(12, { timeout: '9s' }));

  it('begins with what is there, once, and each cluster for itself', async () => {
    const known = await store.load(SCOPE);
    expect([...(known ?? [])]).toEqual([
      [
        'networking.istio.io/VirtualService/catalog/reviews',
        expect.objectContaining({ resourceVersion: '10', isGone: false }),
      ],
    ]);
    await store.begin(SCOPE, [{ key: edited.key, observed: edited.after! }]);
    expect((await store.load(SCOPE))?.get(edited.key)?.resourceVersion).toBe(
      '10',
    );
    expect(
      await store.load({ ...SCOPE, clusterUid: 'another' }),
    ).toBeUndefined();
    expect(await auditLog.list({})).toEqual([]);
  });

  it('records once what several replicas see at once, with its entry', async () => {
    const batches = await Promise.all([
      settle(edited),
      settle(edited),
      settle(edited),
    ]);
    expect(batches.flatMap(({ recorded }) => recorded)).toHaveLength(1);
    expect(batches.map(({ known }) => known.get(edited.key))).toEqual(
      batches.map(() => expect.objectContaining({ resourceVersion: '12' })),
    );
    const { items } = await changes.list({
      limit: 10,
      origin: 'outside',
      entityRefs: ['component:default/ratings'],
    });
    expect(items).toMatchObject([
      {
        entityRef: 'component:default/reviews',
        state: 'outside',
        external: { action: 'edited', generations: 2 },
        operations: [{ outcome: 'applied', resourceVersion: '12' }],
      },
    ]);
    expect(describeClaim(items[0].external!)).toBe('kubectl-edit (claimed)');
    expect(await changes.alsoConcerned(items[0].id)).toEqual([
      'component:default/ratings',
    ]);
    const entries = await auditLog.list({});
    expect(entries).toMatchObject([
      { kind: 'externalChange', opId: items[0].id },
    ]);
    // A replica whose watch is behind sees what is known already.
    const late = await settle(seenAs(route(11, { timeout: '7s' })));
    expect(late.recorded).toEqual([]);
  });

  it('commits the state, the record and the entry together, or nothing', async () => {
    const broken = DatabaseDriftStore.create({
      knex,
      auditLog: Object.assign(Object.create(auditLog), {
        appendWithin: async () => {
          throw new Error('disk full');
        },
      }),
    });
    await expect(
      broken.settle({ scope: SCOPE, seen: [edited], describe: describe_ }),
    ).rejects.toThrow('disk full');
    expect((await changes.list({ limit: 10 })).items).toEqual([]);
    expect((await settle(edited)).recorded).toHaveLength(1);
  });

  it('follows an object through deletion and creation', async () => {
    expect((await settle(goneAs(edited))).recorded).toMatchObject([
      { change: { external: { action: 'deleted', claims: [] } } },
    ]);
    expect((await store.load(SCOPE))?.get(edited.key)?.isGone).toBe(true);
    expect((await settle(goneAs(edited))).recorded).toEqual([]);
    const again = seenAs(route(20, { timeout: '5s' }, { uid: 'two' }));
    expect((await settle(again)).recorded).toMatchObject([
      { change: { external: { action: 'created' } } },
    ]);
  });

  it('waits while the portal holds the object, and then knows its write', async () => {
    const changeId = ulid();
    const base = route(10, { timeout: '5s' });
    const change = exampleChange(changeId, {
      plan: {
        hash: '',
        operations: [
          {
            index: 0,
            action: 'patch',
            object: refTo('prod-eu', base),
            base: {
              uid: 'one',
              resourceVersion: '10',
              generation: 10,
              hash: '',
            },
            before: { ...base },
            diff: [],
            fieldManagers: [],
          },
        ],
      },
    });
    await changes.insert({
      change,
      locks: [lockKeyOf(edited.ref)],
      entries: [],
    });
    expect(await settle(edited)).toMatchObject({
      deferred: [edited.key],
      recorded: [],
    });
    await changes.update({
      id: changeId,
      from: ['applying'],
      to: 'applied',
      releaseLocks: true,
      operations: [
        {
          ...change.operations[0],
          outcome: 'applied',
          resourceVersion: '12',
          reached: [{ uid: 'one', generation: 12, resourceVersion: '12' }],
          result: { ...edited.live! },
        },
      ],
      entries: [],
    });
    // Its status was written since.
    const later = seenAs(route(12, { timeout: '9s' }));
    later.after = { ...later.after!, resourceVersion: '13' };
    expect(await settle(later)).toMatchObject({ deferred: [], recorded: [] });
    expect((await store.load(SCOPE))?.get(edited.key)?.resourceVersion).toBe(
      '13',
    );
  });

  it('leaves out what only ignored managers claim', async () => {
    const { recorded } = await settle(
      seenAs(route(12, { timeout: '9s' }, { manager: 'flagger' })),
    );
    expect(recorded).toEqual([]);
    expect((await settle(edited)).recorded).toEqual([]);
  });

  it('keeps so many records and so long', async () => {
    for (const version of [12, 14, 16]) {
      await settle(seenAs(route(version, { timeout: `${version}s` })));
    }
    const own = ulid();
    await changes.insert({
      change: exampleChange(own),
      locks: [],
      entries: [],
    });
    expect(await store.prune({ keepDays: 1, keepRecords: 100 })).toBe(0);
    await knex('mesh_change')
      .update({ created_at: 1 })
      .where(
        'id',
        (
          await changes.list({ limit: 10, origin: 'outside' })
        ).items[2].id,
      );
    expect(await store.prune({ keepDays: 1, keepRecords: 100 })).toBe(1);
    expect(await store.prune({ keepDays: 1, keepRecords: 1 })).toBe(1);
    const left = await changes.list({ limit: 10 });
    expect(left.items.map(({ intentType }) => intentType)).toEqual([
      'shiftTraffic',
      'external',
    ]);
    expect(await auditLog.list({})).toHaveLength(3);
  });
});
