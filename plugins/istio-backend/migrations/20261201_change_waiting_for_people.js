// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.text('preview').comment('JSON; what was looked at, without the plan');
    table.text('approval').comment('JSON: requirements, decisions, hash');
    table
      .integer('decision_count')
      .notNullable()
      .defaultTo(0)
      .comment('Guards the approval against two deciders at once');
    table.bigInteger('approve_until').comment('Epoch ms, database');
    table.bigInteger('apply_at').comment('Epoch ms');
    table.bigInteger('expires_at').comment('Epoch ms');
    table.text('break_glass').comment('JSON: the review of an emergency');
    table
      .bigInteger('review_by')
      .comment('Epoch ms, database; null when no review is due');
    table
      .bigInteger('timer_until')
      .comment('Epoch ms, database: a replica looks after its time until then');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('mesh_change', table => {
    table.dropColumn('preview');
    table.dropColumn('approval');
    table.dropColumn('decision_count');
    table.dropColumn('approve_until');
    table.dropColumn('apply_at');
    table.dropColumn('expires_at');
    table.dropColumn('break_glass');
    table.dropColumn('review_by');
    table.dropColumn('timer_until');
  });
};
