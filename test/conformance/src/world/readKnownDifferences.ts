import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';

const README = join(repositoryRoot, 'packages/sandbox/README.md');

/** First column of the table under a heading of the section "Known differences" of the sandbox's README. */
function readFirstColumn(heading: string): string[] {
  const [, section = ''] = readFileSync(README, 'utf8').split(
    /^## Known differences$/m,
  );
  const [, part = ''] = section.split(/^## /m)[0].split(`### ${heading}\n`);
  const rows = part.split(/^### /m)[0].match(/^\| .*$/gm) ?? [];
  // Below the names of the columns and the line.
  return rows.slice(2).map(row => row.split('|')[1].trim());
}

/** What the sandbox is known to answer otherwise than the real one. */
export function readKnownDifferences(
  of: 'Kubernetes' | 'Istio' | 'Prometheus',
): string[] {
  return readFirstColumn(of);
}

/** Kinds that the sandbox takes with a warning instead of asking a judge. */
export function readUnjudgedKinds(): string[] {
  return readFirstColumn('Kinds that are not judged');
}
