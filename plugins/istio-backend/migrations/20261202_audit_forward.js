// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('audit_forward', table => {
    table.comment('How far each receiver has the log; state, not evidence');
    table.string('receiver', 128).primary();
    table.bigInteger('seq').notNullable().comment('Last entry it has taken');
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('next_at').notNullable().comment('Epoch ms, database');
    table.text('error');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('audit_forward');
};
