import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Toolchain, databases, logs and stamps of this clone; safe to delete. */
export const local = join(root, '.local');
export const yarnRelease = join(root, '.yarn', 'releases', 'yarn-4.13.0.cjs');
