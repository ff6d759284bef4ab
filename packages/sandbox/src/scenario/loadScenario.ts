import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseScenario, ScenarioError } from './parseScenario';
import type { Scenario } from './schema';

const FOLDER = resolve(
  dirname(require.resolve('../../package.json')),
  'scenarios',
);

/**
 * Loads a scenario by name (a file of the package's `scenarios` folder) or by the path of a YAML file.
 *
 * @throws ScenarioError
 */
export function loadScenario(nameOrPath: string): Scenario {
  const path = /\.ya?ml$/.test(nameOrPath)
    ? resolve(nameOrPath)
    : resolve(FOLDER, `${nameOrPath}.yaml`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ScenarioError(nameOrPath, [`no file ${path}`]);
  }
  return parseScenario(text, nameOrPath);
}
