module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // The matrix puts faults between parts that the plugin does not export.
    '@backstage/no-relative-monorepo-imports': 'off',
  },
});
