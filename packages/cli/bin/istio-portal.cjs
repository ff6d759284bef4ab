#!/usr/bin/env node
// The published package has no sources and runs what was built; a checkout runs its sources as they are now.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');
const { setFlagsFromString } = require('node:v8');

// Hundreds of rules are called some thousand times each: the engine would spend a fifth of the processor time on
// copying functions into each other, which no run is long enough to win back.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');

const sources = resolve(__dirname, '../scripts/runSources.cjs');
require(existsSync(sources) ? sources : '..');
