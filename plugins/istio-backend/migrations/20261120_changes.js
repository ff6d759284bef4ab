// @ts-check

const APPEND_ONLY = 'audit_entry is append-only';

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('mesh_change', table => {
    table.comment('Changes to mesh objects, and tries that were refused');
    table
      .string('id', 26)
      .primary()
      .comment('ULID, also the annotation on the object');
    table.string('entity_ref', 512).notNullable();
    table.string('intent_type', 64).notNullable();
    table.string('title', 512).notNullable();
    table.string('state', 32).notNullable();
    table.string('requested_by', 512).notNullable();
    table.text('requested_groups').notNullable().comment('JSON array of refs');
    table.text('acting_users').notNullable().comment('JSON, by cluster');
    table.text('reason').notNullable();
    table.string('ticket', 255);
    table.bigInteger('created_at').notNullable().comment('Epoch ms, database');
    table.bigInteger('updated_at').notNullable();
    table.bigInteger('applied_at');
    table.bigInteger('observed_at');
    table.string('plan_hash', 64);
    table.text('intent').comment('JSON');
    table.text('plan').comment('JSON; frozen when recorded');
    table.text('versions').notNullable().comment('JSON');
    table.text('guardrails').notNullable().comment('JSON');
    table.text('search_text').notNullable().comment('Lower case, for filters');
    table.string('revert_of', 26);
    table.string('reverted_by', 26);
    table.string('lease_owner', 64);
    table.bigInteger('lease_until').comment('Epoch ms, database');
    table.index(['created_at', 'id'], 'mesh_change_time_idx');
    table.index(['entity_ref', 'created_at', 'id'], 'mesh_change_entity_idx');
    table.index(['state', 'lease_until'], 'mesh_change_state_idx');
  });

  await knex.schema.createTable('change_operation', table => {
    table.comment('Objects of a change with the answer each request got');
    table.string('change_id', 26).notNullable();
    table.integer('idx').notNullable();
    table.text('object').notNullable().comment('JSON ObjectRef');
    table.string('action', 16).notNullable();
    table.string('outcome', 16).notNullable();
    table.integer('status');
    table.text('message');
    table.string('audit_id', 128);
    table.string('resource_version', 128);
    table.text('diff').notNullable().comment('JSON');
    table.text('result').comment('JSON object after the write');
    table.bigInteger('sent_at').comment('Epoch ms');
    table.primary(['change_id', 'idx']);
  });

  await knex.schema.createTable('object_lock', table => {
    table.comment('Objects that a change is being applied to');
    table.string('object_key', 512).primary();
    table.string('change_id', 26).notNullable().index();
    table.bigInteger('acquired_at').notNullable();
  });

  await knex.schema.createTable('audit_entry', table => {
    table.comment('Append-only record; triggers refuse updates and deletes');
    table.bigIncrements('seq').primary();
    table.string('entry_id', 26).notNullable().unique();
    table.string('op_id', 26).notNullable().index();
    table.string('kind', 32).notNullable();
    table.bigInteger('occurred_at').notNullable().comment('Epoch ms, reporter');
    table.bigInteger('recorded_at').notNullable().comment('Epoch ms, database');
    table.string('actor', 512).notNullable();
    table.string('target', 512).notNullable();
    table.string('event_kind', 32);
    table.text('event_text');
    table.text('payload').notNullable().comment('JSON');
  });

  await protect(knex);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  const client = knex.client.config.client;
  if (client === 'pg') {
    await knex.raw('DROP TRIGGER audit_entry_no_change ON audit_entry');
    await knex.raw('DROP TRIGGER audit_entry_no_truncate ON audit_entry');
    await knex.raw('DROP FUNCTION audit_entry_refuse()');
  } else {
    await knex.raw('DROP TRIGGER audit_entry_no_update');
    await knex.raw('DROP TRIGGER audit_entry_no_delete');
  }
  await knex.schema.dropTable('audit_entry');
  await knex.schema.dropTable('object_lock');
  await knex.schema.dropTable('change_operation');
  await knex.schema.dropTable('mesh_change');
};

/**
 * A guard rail, not a proof: who owns the schema can drop the triggers.
 *
 * @param {import('knex').Knex} knex
 */
async function protect(knex) {
  if (knex.client.config.client === 'pg') {
    await knex.raw(`CREATE FUNCTION audit_entry_refuse() RETURNS trigger AS $$
      BEGIN RAISE EXCEPTION '${APPEND_ONLY}'; END $$ LANGUAGE plpgsql`);
    await knex.raw(`CREATE TRIGGER audit_entry_no_change
      BEFORE UPDATE OR DELETE ON audit_entry
      FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()`);
    await knex.raw(`CREATE TRIGGER audit_entry_no_truncate
      BEFORE TRUNCATE ON audit_entry
      FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()`);
    return;
  }
  await knex.raw(`CREATE TRIGGER audit_entry_no_update
    BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, '${APPEND_ONLY}'); END`);
  await knex.raw(`CREATE TRIGGER audit_entry_no_delete
    BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, '${APPEND_ONLY}'); END`);
}
