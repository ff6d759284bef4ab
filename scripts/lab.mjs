// `npm run lab`: a real mesh on this machine, until Ctrl-C. What is missing is built first.
import { runLabProgram } from './lib/labProgram.mjs';
import { runProgram } from './lib/say.mjs';

await runProgram(() => runLabProgram('main.ts'));
