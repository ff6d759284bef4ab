#!/usr/bin/env node
// The published package has no sources and runs what was built; a checkout runs its sources as they are now.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

const sources = resolve(__dirname, '../scripts/runSources.cjs');
require(existsSync(sources) ? sources : '..');
