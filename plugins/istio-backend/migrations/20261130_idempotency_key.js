// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.string('idempotency_key', 200).comment('Given by the client');
    table.unique(['requested_by', 'idempotency_key'], {
      indexName: 'mesh_change_key_idx',
    });
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.dropUnique(
      ['requested_by', 'idempotency_key'],
      'mesh_change_key_idx',
    );
    table.dropColumn('idempotency_key');
  });
};
