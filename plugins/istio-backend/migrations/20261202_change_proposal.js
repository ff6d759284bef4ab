// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table
      .text('proposal')
      .comment('JSON: the pull or merge request it goes through');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.dropColumn('proposal');
  });
};
