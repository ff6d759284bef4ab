// `npm run lab:build`: the programs of test/lab that are missing.
import { runLabProgram } from './lib/labProgram.mjs';
import { runProgram } from './lib/say.mjs';

await runProgram(() => runLabProgram('buildMain.ts'));
