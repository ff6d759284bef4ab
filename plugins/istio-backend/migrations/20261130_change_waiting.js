// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.text('waiting_for').comment('Why traffic does not show it yet');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.dropColumn('waiting_for');
  });
};
