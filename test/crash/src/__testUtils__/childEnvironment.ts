import { dirname, join, resolve } from 'node:path';

const MODULES = resolve(__dirname, '../../../../node_modules');

/** Of a program that `buildChild` made: database drivers are native and stay outside of it. */
export function childEnvironment(childFile: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_PATH: MODULES,
    NODE_COMPILE_CACHE: join(dirname(childFile), 'compiled'),
  };
}
