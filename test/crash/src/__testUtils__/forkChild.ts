import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';

const MODULES = resolve(__dirname, '../../../../node_modules');

/** Starts a program that `buildChildren` made: database drivers are native and stay outside of it. */
export function forkChild(childFile: string): ChildProcess {
  return fork(childFile, {
    env: {
      ...process.env,
      NODE_PATH: MODULES,
      NODE_COMPILE_CACHE: join(dirname(childFile), 'compiled'),
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
