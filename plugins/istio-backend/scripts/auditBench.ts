// Measures the audit log over a database of its own and prints one JSON object; `npm run bench` calls it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import {
  createNoteSigner,
  verifyTables,
} from '@istio-backstage/plugin-istio-common';
import knexFactory, { Knex } from 'knex';
import { AuditCheckpointer } from '../src/audit/AuditCheckpointer';
import { AuditKeys } from '../src/audit/AuditKeys';
import { AuditSearch } from '../src/audit/AuditSearch';
import { DatabaseAuditLog } from '../src/audit/DatabaseAuditLog';
import { makeUlid } from '../src/audit/makeUlid';
import { nodeDigest } from '../src/audit/nodeDigest';
import { readRows } from '../src/audit/readRows';
import type { NewAuditEntry } from '../src/audit/types';
import { migrateDatabase } from '../src/changes/migrateDatabase';

const SINGLE = 500;
const BATCH = 100;
const PER_CHECKPOINT = 10_000;
const SEARCHES = 300;

/** An entry as a change leaves it, about one of a thousand components. */
function makeEntry(index: number): NewAuditEntry {
  const service = `service-${index % 1000}`;
  return {
    opId: makeUlid(),
    kind: index % 3 === 0 ? 'intent' : 'outcome',
    occurredAt: Date.now(),
    actor: `user:default/person-${index % 200}`,
    target: `component:default/${service}`,
    payload: {
      title: `${service}: v2 from ${index % 90} to ${(index % 90) + 10} %`,
      reason: `Canary step ${index} after a quiet night`,
      ticket: `CAT-${index}`,
      operation: {
        outcome: index % 20 === 0 ? 'conflict' : 'applied',
        object: {
          cluster: `cluster-${index % 5}`,
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace: `team-${index % 50}`,
          name: service,
        },
        diff: [
          { kind: 'removed', text: `weight: ${index % 90}` },
          { kind: 'added', text: `weight: ${(index % 90) + 10}` },
        ],
      },
    },
    event: { kind: 'requested', text: 'Requested' },
  };
}

/** What a person looks for, from a rare word to a filter that matches a third. */
function makeQuery(index: number, entries: number) {
  const at = (index * 7919) % entries;
  const queries = [
    { ticket: `CAT-${at}` },
    { by: `user:default/person-${at % 200}` },
    { entityRef: `component:default/service-${at % 1000}` },
    { cluster: `cluster-${at % 5}`, result: 'conflict' },
    { search: `canary step ${at}` },
    { search: 'quiet night' },
    { object: `VirtualService team-${at % 50}/service-${at % 1000}` },
    { kind: 'intent' as const },
    { scope: 'components' as const },
    { scope: 'log' as const },
  ];
  return { limit: 25, ...queries[index % queries.length] };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

async function timeEach(
  count: number,
  run: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    times.push(await timed(() => run(index)));
  }
  return times;
}

function createCheckpointer(knex: Knex, auditLog: DatabaseAuditLog) {
  const name = 'bench.example.com/istio-audit';
  const current = createNoteSigner({ name, seed: new Uint8Array(32).fill(1) });
  const keys = { current, acceptsNew: false };
  return AuditCheckpointer.create({
    knex,
    origin: name,
    anchors: [],
    keys: AuditKeys.create({ knex, auditLog, keys }),
  });
}

async function measure(knex: Knex, entries: number) {
  await migrateDatabase({ getClient: async () => knex });
  const log = DatabaseAuditLog.create({ knex });
  const checkpointer = createCheckpointer(knex, log);
  const single = await timeEach(SINGLE, index =>
    log.append([makeEntry(index)]),
  );
  let written = SINGLE;
  let batched = 0;
  while (written < entries) {
    const from = written;
    const batch = Array.from({ length: BATCH }, (_, at) =>
      makeEntry(from + at),
    );
    batched += await timed(() => log.append(batch));
    written += BATCH;
    if (written % PER_CHECKPOINT < BATCH) await checkpointer.checkpoint();
  }
  await checkpointer.checkpoint();
  if (knex.client.config.client === 'pg') await knex.raw('ANALYZE');
  const search = AuditSearch.create({ knex });
  const searches = await timeEach(SEARCHES, index =>
    search.page(makeQuery(index, entries), undefined),
  );
  const read = readRows(knex);
  const startedAt = performance.now();
  const report = await verifyTables({ read, digest: nodeDigest });
  const verification = performance.now() - startedAt;
  if (report.verdict !== 'intact') throw new Error('The log is not intact');
  return {
    entries: report.entries.count,
    single,
    batchedPerEntry: batched / (written - SINGLE),
    searches,
    verification,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '1000000' },
      postgres: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'istio-bench-'));
  const knex = knexFactory(
    values.postgres
      ? { client: 'pg', connection: values.postgres }
      : {
          client: 'better-sqlite3',
          useNullAsDefault: true,
          connection: { filename: join(folder, 'istio.sqlite') },
        },
  );
  try {
    const figures = await measure(knex, Number(values.entries));
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  } finally {
    await knex.destroy();
    rmSync(folder, { recursive: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
