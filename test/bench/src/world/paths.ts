import { dirname } from 'node:path';

/** Folder of the repository. */
export const ROOT = dirname(require.resolve('../../../../package.json'));
