// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('observed_kind', table => {
    table.comment('Kinds of a cluster that are compared; locked by who does');
    table.string('cluster_uid', 128).notNullable();
    table.string('kind', 64).notNullable();
    table
      .bigInteger('since')
      .comment('Epoch ms, database: first seen as a whole; null before');
    table.primary(['cluster_uid', 'kind']);
  });
  await knex.schema.createTable('observed_object', table => {
    table.comment('Objects as they were last seen, without secrets');
    table.string('cluster_uid', 128).notNullable();
    table.string('object_key', 512).notNullable();
    table.string('kind', 64).notNullable();
    table.string('uid', 128).notNullable();
    table.bigInteger('generation');
    table.string('resource_version', 128).notNullable();
    table.string('hash', 64).notNullable();
    table.string('change_id', 26).comment('Of the portal, by annotation');
    table.text('writers').notNullable().comment('JSON');
    table.text('content').comment('JSON; null when it is too large');
    table.text('hidden').notNullable().comment('JSON: paths of secrets');
    table.boolean('is_gone').notNullable().defaultTo(false);
    table.bigInteger('seen_at').notNullable().comment('Epoch ms, database');
    table.primary(['cluster_uid', 'object_key']);
    table.index(['cluster_uid', 'kind'], 'observed_object_kind_idx');
  });
  await knex.schema.createTable('change_entity', table => {
    table.comment('Further entities that a change outside concerns');
    table.string('change_id', 26).notNullable();
    table.string('entity_ref', 512).notNullable();
    table.primary(['change_id', 'entity_ref']);
    table.index(['entity_ref', 'change_id'], 'change_entity_ref_idx');
  });
  await knex.schema.alterTable('mesh_change', table => {
    table.text('external').comment('JSON; of changes the portal did not make');
    table.index(
      ['intent_type', 'created_at', 'id'],
      'mesh_change_intent_type_idx',
    );
  });
  await knex.schema.alterTable('change_operation', table => {
    table.string('object_key', 512).comment('Over all clusters');
    table.text('reached').comment('JSON: versions that its requests made');
    table.index(['object_key', 'change_id'], 'change_operation_object_idx');
  });
  for (const row of await knex('change_operation').select(
    'change_id',
    'idx',
    'object',
  )) {
    await knex('change_operation')
      .where({ change_id: row.change_id, idx: row.idx })
      .update({ object_key: keyOf(JSON.parse(row.object)) });
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('change_operation')
    .whereIn(
      'change_id',
      knex('mesh_change').where('intent_type', 'external').select('id'),
    )
    .delete();
  await knex('mesh_change').where('intent_type', 'external').delete();
  await knex.schema.alterTable('change_operation', table => {
    table.dropIndex(['object_key', 'change_id'], 'change_operation_object_idx');
    table.dropColumn('object_key');
    table.dropColumn('reached');
  });
  await knex.schema.alterTable('mesh_change', table => {
    table.dropIndex(
      ['intent_type', 'created_at', 'id'],
      'mesh_change_intent_type_idx',
    );
    table.dropColumn('external');
  });
  await knex.schema.dropTable('change_entity');
  await knex.schema.dropTable('observed_object');
  await knex.schema.dropTable('observed_kind');
};

/**
 * Keys as the locks of objects have them.
 *
 * @param {{cluster: string, apiVersion: string, kind: string, namespace?: string, name: string}} object
 */
function keyOf({ cluster, apiVersion, kind, namespace, name }) {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return `${cluster}/${group}/${kind}/${namespace ?? ''}/${name}`;
}
