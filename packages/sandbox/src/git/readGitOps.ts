import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const FOLDER = join(dirname(require.resolve('../../package.json')), 'gitops');

/** The repositories beside the scenarios: `shop/shop-config`, each file with its text. */
export function readGitOps(): Record<string, Record<string, string>> {
  return Object.fromEntries(
    readdirSync(FOLDER).map(name => {
      const top = join(FOLDER, name);
      const files = readdirSync(top, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name));
      return [
        `shop/${name}`,
        Object.fromEntries(
          files.map(file => [relative(top, file), readFileSync(file, 'utf8')]),
        ),
      ];
    }),
  );
}
