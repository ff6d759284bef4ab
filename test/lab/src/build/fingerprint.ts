import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { GO_ENVIRONMENT } from './programs';
import type { Recipe } from './types';

/** test/lab of this clone. */
export const LAB_FOLDER = dirname(require.resolve('../../package.json'));

/**
 * Hash of everything in this clone that a program is made of: sources, pinned versions and their hashes,
 * flags, and the kind of machine. Same hash, same program, but for the compiler; see {@link keyOf}.
 */
export function inputsOf(recipe: Recipe): string {
  const hash = createHash('sha256').update(
    JSON.stringify([recipe, process.platform, process.arch, GO_ENVIRONMENT]),
  );
  for (const file of sourcesOf(recipe)) {
    hash.update(`\0${relative(LAB_FOLDER, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The inputs and, for what Go compiles, the compiler: what an entry of the cache is called by. */
export function keyOf(recipe: Recipe, goVersion: string): string {
  return createHash('sha256')
    .update(inputsOf(recipe))
    .update(recipe.kind === 'go' ? goVersion : '')
    .digest('hex')
    .slice(0, 12);
}

function sourcesOf(recipe: Recipe): string[] {
  if (recipe.kind === 'wheel') return [join(LAB_FOLDER, recipe.requirements)];
  const folder = join(LAB_FOLDER, recipe.module);
  return readdirSync(folder)
    .filter(
      name =>
        name === 'go.mod' ||
        name === 'go.sum' ||
        (name.endsWith('.go') && !name.endsWith('_test.go')),
    )
    .sort()
    .map(name => join(folder, name));
}
