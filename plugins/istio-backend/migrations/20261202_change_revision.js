// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table
      .integer('revision')
      .notNullable()
      .defaultTo(0)
      .comment('Counts the updates: who decides on what it read names it');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.dropColumn('revision');
  });
};
