import { dirname, resolve } from 'node:path';

/** Folder of the repository: the suite reads tables and documents of other packages. */
export const repositoryRoot = resolve(
  dirname(require.resolve('../../package.json')),
  '../..',
);
