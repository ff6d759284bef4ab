import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { LAB_FOLDER } from './fingerprint';
import { findGo, GO_ENVIRONMENT } from './programs';
import { LabBuildError } from './types';

/** Folder of the pinned Istio's sources in Go's module cache, where the build of the oracle has put them. */
export function istioSources(): string {
  const go = findGo();
  if (!go)
    throw new LabBuildError('Go is needed to find the sources of Istio.');
  const text = execFileSync(
    go.path,
    ['mod', 'download', '-json', 'istio.io/istio'],
    {
      cwd: join(LAB_FOLDER, 'oracle'),
      encoding: 'utf8',
      env: { ...process.env, ...GO_ENVIRONMENT },
    },
  );
  return (JSON.parse(text) as { Dir: string }).Dir;
}
