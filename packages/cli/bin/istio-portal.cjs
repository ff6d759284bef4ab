#!/usr/bin/env node
// In a checkout the sources run as they are: the packages they import are TypeScript there too, and a
// bundle would go stale. The published package has no sources and runs what was built.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

const sources = resolve(__dirname, '../src');
if (existsSync(sources)) {
  require('tsx/cjs');
  require(resolve(sources, 'index.ts'));
} else {
  require('..');
}
