// @ts-check
const { createHash, randomBytes } = require('node:crypto');
/** @type {(value: unknown) => string | undefined} */
// @ts-expect-error The types describe the ES module, the package is CommonJS.
const canonicalize = require('canonicalize');

const APPEND_ONLY = 'is append-only';
const NO_HASH = '0'.repeat(64);
/** Nothing in them is ever changed; payloads and search terms alone may be removed. */
const PROTECTED = ['audit_entry', 'audit_node', 'audit_checkpoint'];

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const before = await knex('audit_entry').orderBy('seq');
  await dropFirstTable(knex);
  await createLogTables(knex);
  await createSearchTables(knex);
  await protect(knex);
  await knex('audit_head').insert({ id: 1, seq: 0, hash: NO_HASH });
  await bringOver(knex, before);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of PROTECTED) {
    for (const name of ['no_change', 'no_delete', 'no_truncate']) {
      if (isPostgres(knex)) {
        await knex.raw(`DROP TRIGGER IF EXISTS ${table}_${name} ON ${table}`);
      } else {
        await knex.raw(`DROP TRIGGER IF EXISTS ${table}_${name}`);
      }
    }
  }
  const rows = await knex('audit_entry')
    .leftJoin('audit_payload', 'audit_payload.entry_id', 'audit_entry.entry_id')
    .select('audit_entry.*', 'audit_payload.json')
    .orderBy('seq');
  for (const table of [
    ...(isPostgres(knex) ? [] : ['audit_words']),
    'audit_text',
    'audit_ref',
    'audit_delivery',
    'audit_checkpoint',
    'audit_node',
    'audit_head',
    'audit_payload',
    'audit_entry',
  ]) {
    await knex.schema.dropTable(table);
  }
  if (isPostgres(knex)) await knex.raw('DROP FUNCTION audit_refuse()');
  await recreateFirstTable(knex, rows);
};

/** @param {import('knex').Knex} knex */
async function createLogTables(knex) {
  await knex.schema.createTable('audit_entry', table => {
    table.comment('Headers of the audit log; hash chain and Merkle leaves');
    table.bigInteger('seq').primary().comment('From 1 without a gap');
    table.string('entry_id', 26).notNullable().unique();
    table.string('op_id', 26).notNullable();
    table.string('kind', 32).notNullable();
    table.bigInteger('occurred_at').notNullable().comment('Epoch ms, reporter');
    table.bigInteger('recorded_at').notNullable().comment('Epoch ms, database');
    table.string('actor', 512).notNullable().comment('Entity ref only');
    table.string('target', 512).notNullable();
    table.string('event_kind', 32);
    table.string('payload_commit', 64).notNullable();
    table.string('prev_hash', 64).notNullable();
    table.string('entry_hash', 64).notNullable().unique();
    table.index(['op_id', 'seq'], 'audit_entry_op_idx');
    table.index(['actor', 'seq'], 'audit_entry_actor_idx');
    table.index(['target', 'seq'], 'audit_entry_target_idx');
    table.index(['kind', 'seq'], 'audit_entry_kind_idx');
    table.index(['recorded_at', 'seq'], 'audit_entry_time_idx');
  });
  await knex.schema.createTable('audit_payload', table => {
    table.comment('What redaction and retention may remove');
    table.string('entry_id', 26).primary();
    table.string('salt', 32).notNullable();
    table.text('json').notNullable().comment('RFC 8785 canonical JSON');
  });
  await knex.schema.createTable('audit_head', table => {
    table.comment('One row: the last entry; locked by whoever appends');
    table.integer('id').primary();
    table.bigInteger('seq').notNullable();
    table.string('hash', 64).notNullable();
  });
  await knex.schema.createTable('audit_node', table => {
    table.comment('Hashes of complete subtrees over 256^level entries');
    table.integer('level').notNullable();
    table.bigInteger('idx').notNullable();
    table.string('hash', 64).notNullable();
    table.primary(['level', 'idx']);
  });
  await knex.schema.createTable('audit_checkpoint', table => {
    table.comment('Tree heads as C2SP signed notes');
    table.bigInteger('number').primary().comment('From 1 without a gap');
    table.bigInteger('size').notNullable();
    table.string('root', 64).notNullable();
    table.text('note').notNullable();
  });
  await knex.schema.createTable('audit_delivery', table => {
    table.comment('Delivery of checkpoints to anchors; state, not evidence');
    table.string('anchor', 128).notNullable();
    table.bigInteger('number').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_at').notNullable().comment('Epoch ms, database');
    table.bigInteger('delivered_at');
    table.text('error');
    table.primary(['anchor', 'number']);
    table.index(['delivered_at', 'next_at'], 'audit_delivery_due_idx');
  });
}

/** @param {import('knex').Knex} knex */
async function createSearchTables(knex) {
  await knex.schema.createTable('audit_ref', table => {
    table.comment('What entries are found by; made from the payloads');
    table.string('kind', 16).notNullable();
    table.string('value', 512).notNullable();
    table.bigInteger('seq').notNullable();
    table.primary(['kind', 'value', 'seq']);
    table.index(['seq'], 'audit_ref_seq_idx');
  });
  await knex.schema.createTable('audit_text', table => {
    table.comment('Words of entries; made from the payloads');
    table.bigInteger('seq').primary();
    table.text('words').notNullable();
  });
  if (isPostgres(knex)) {
    await knex.raw(
      `CREATE INDEX audit_text_words_idx ON audit_text
       USING gin (array_to_tsvector(string_to_array(words, ' ')))`,
    );
  } else {
    await knex.raw(
      `CREATE VIRTUAL TABLE audit_words USING fts5(words, content='',
       contentless_delete=1, tokenize="unicode61 remove_diacritics 0")`,
    );
  }
}

/**
 * Entries of the table without a chain. Their chain starts now: the entry after them says so.
 *
 * @param {import('knex').Knex} knex
 * @param {Record<string, unknown>[]} before
 */
async function bringOver(knex, before) {
  if (before.length === 0) return;
  const now = Date.now();
  const entries = before.map(row => ({
    entry_id: String(row.entry_id),
    op_id: String(row.op_id),
    kind: String(row.kind),
    occurred_at: Number(row.occurred_at),
    recorded_at: Number(row.recorded_at),
    actor: String(row.actor),
    target: String(row.target),
    event_kind: row.event_kind ?? null,
    content: {
      data: JSON.parse(String(row.payload)),
      ...(row.event_text === null ? {} : { text: row.event_text }),
    },
  }));
  const id = importId(now);
  entries.push({
    entry_id: id,
    op_id: id,
    kind: 'imported',
    occurred_at: now,
    recorded_at: now,
    actor: 'system',
    target: `audit:1${before.length === 1 ? '' : `-${before.length}`}`,
    event_kind: null,
    content: {
      data: {
        entries: before.length,
        message:
          'These entries were written before the log had a chain. It protects them from here on and says nothing of the time before.',
      },
    },
  });
  let prev = NO_HASH;
  let seq = 0;
  /** @type {string[]} */
  const hashes = [];
  for (const { content, ...entry } of entries) {
    seq += 1;
    const salt = randomBytes(16);
    const json = canonicalize(content) ?? '{}';
    const commit = sha256(salt, Buffer.from(json)).toString('hex');
    const hash = hashHeader({ ...entry, seq, commit, prev });
    await knex('audit_entry').insert({
      ...entry,
      seq,
      payload_commit: commit,
      prev_hash: prev,
      entry_hash: hash,
    });
    await knex('audit_payload').insert({
      entry_id: entry.entry_id,
      salt: salt.toString('hex'),
      json,
    });
    hashes.push(hash);
    prev = hash;
  }
  await storeNodes(knex, hashes);
  await knex('audit_head').where('id', 1).update({ seq, hash: prev });
}

/**
 * The header as the log's version 1 hashes it; frozen here, as migrations are.
 *
 * @param {Record<string, any>} entry
 */
function hashHeader(entry) {
  const text = canonicalize({
    v: 1,
    seq: entry.seq,
    id: entry.entry_id,
    opId: entry.op_id,
    kind: entry.kind,
    occurredAt: entry.occurred_at,
    recordedAt: entry.recorded_at,
    actor: entry.actor,
    target: entry.target,
    event: entry.event_kind ?? undefined,
    payload: entry.commit,
    prev: entry.prev,
  });
  return sha256(Buffer.from([0]), Buffer.from(text ?? '')).toString('hex');
}

/**
 * @param {import('knex').Knex} knex
 * @param {string[]} leaves
 */
async function storeNodes(knex, leaves) {
  let hashes = leaves;
  for (let level = 1; hashes.length >= 256; level += 1) {
    const next = [];
    for (let idx = 0; (idx + 1) * 256 <= hashes.length; idx += 1) {
      const hash = foldTile(hashes.slice(idx * 256, (idx + 1) * 256));
      next.push(hash);
      await knex('audit_node').insert({ level, idx, hash });
    }
    hashes = next;
  }
}

/**
 * @param {string[]} hashes As many as a power of two.
 * @returns {string}
 */
function foldTile(hashes) {
  if (hashes.length === 1) return hashes[0];
  const middle = hashes.length / 2;
  const left = Buffer.from(foldTile(hashes.slice(0, middle)), 'hex');
  const right = Buffer.from(foldTile(hashes.slice(middle)), 'hex');
  return sha256(Buffer.from([1]), left, right).toString('hex');
}

/** @param {Buffer[]} parts */
function sha256(...parts) {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/**
 * A ULID.
 *
 * @param {number} now
 */
function importId(now) {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let time = '';
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) {
    time = digits[rest % 32] + time;
  }
  return time + [...randomBytes(16)].map(byte => digits[byte % 32]).join('');
}

/** @param {import('knex').Knex} knex */
function isPostgres(knex) {
  return knex.client.config.client === 'pg';
}

/**
 * A guard rail, not a proof: who owns the schema can drop the triggers.
 *
 * @param {import('knex').Knex} knex
 */
async function protect(knex) {
  if (isPostgres(knex)) {
    await knex.raw(`CREATE FUNCTION audit_refuse() RETURNS trigger AS $$
      BEGIN RAISE EXCEPTION '% ${APPEND_ONLY}', TG_TABLE_NAME; END $$ LANGUAGE plpgsql`);
    await knex.raw(`CREATE TRIGGER audit_payload_no_change
      BEFORE UPDATE ON audit_payload
      FOR EACH ROW EXECUTE FUNCTION audit_refuse()`);
  } else {
    await knex.raw(`CREATE TRIGGER audit_payload_no_change
      BEFORE UPDATE ON audit_payload
      BEGIN SELECT RAISE(ABORT, 'audit_payload ${APPEND_ONLY}'); END`);
  }
  for (const table of PROTECTED) {
    if (isPostgres(knex)) {
      await knex.raw(`CREATE TRIGGER ${table}_no_change
        BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()`);
      await knex.raw(`CREATE TRIGGER ${table}_no_truncate
        BEFORE TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()`);
    } else {
      await knex.raw(`CREATE TRIGGER ${table}_no_change
        BEFORE UPDATE ON ${table}
        BEGIN SELECT RAISE(ABORT, '${table} ${APPEND_ONLY}'); END`);
      await knex.raw(`CREATE TRIGGER ${table}_no_delete
        BEFORE DELETE ON ${table}
        BEGIN SELECT RAISE(ABORT, '${table} ${APPEND_ONLY}'); END`);
    }
  }
}

/** @param {import('knex').Knex} knex */
async function dropFirstTable(knex) {
  if (isPostgres(knex)) {
    await knex.raw('DROP TRIGGER audit_entry_no_change ON audit_entry');
    await knex.raw('DROP TRIGGER audit_entry_no_truncate ON audit_entry');
    await knex.raw('DROP FUNCTION audit_entry_refuse()');
  } else {
    await knex.raw('DROP TRIGGER audit_entry_no_update');
    await knex.raw('DROP TRIGGER audit_entry_no_delete');
  }
  await knex.schema.dropTable('audit_entry');
}

/**
 * @param {import('knex').Knex} knex
 * @param {Record<string, any>[]} rows
 */
async function recreateFirstTable(knex, rows) {
  await knex.schema.createTable('audit_entry', table => {
    table.bigIncrements('seq').primary();
    table.string('entry_id', 26).notNullable().unique();
    table.string('op_id', 26).notNullable().index();
    table.string('kind', 32).notNullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('recorded_at').notNullable();
    table.string('actor', 512).notNullable();
    table.string('target', 512).notNullable();
    table.string('event_kind', 32);
    table.text('event_text');
    table.text('payload').notNullable();
  });
  for (const row of rows) {
    const content = row.json ? JSON.parse(row.json) : { data: {} };
    await knex('audit_entry').insert({
      entry_id: row.entry_id,
      op_id: row.op_id,
      kind: row.kind,
      occurred_at: row.occurred_at,
      recorded_at: row.recorded_at,
      actor: row.actor,
      target: row.target,
      event_kind: row.event_kind,
      event_text: content.text ?? null,
      payload: JSON.stringify(content.data),
    });
  }
  if (isPostgres(knex)) {
    await knex.raw(`CREATE FUNCTION audit_entry_refuse() RETURNS trigger AS $$
      BEGIN RAISE EXCEPTION 'audit_entry ${APPEND_ONLY}'; END $$ LANGUAGE plpgsql`);
    await knex.raw(`CREATE TRIGGER audit_entry_no_change
      BEFORE UPDATE OR DELETE ON audit_entry
      FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()`);
    await knex.raw(`CREATE TRIGGER audit_entry_no_truncate
      BEFORE TRUNCATE ON audit_entry
      FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()`);
    return;
  }
  await knex.raw(`CREATE TRIGGER audit_entry_no_update
    BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry ${APPEND_ONLY}'); END`);
  await knex.raw(`CREATE TRIGGER audit_entry_no_delete
    BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry ${APPEND_ONLY}'); END`);
}
