import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pod } from './podTypes';

interface Scraped {
  pod: Pod;
  address: string;
  hasProxy: boolean;
}

/** Where the agent of a proxy serves Envoy's statistics together with its own. */
const METRICS_PORT = 15020;

/** What Prometheus' file_sd reads: one target per Pod with a proxy. Pure. */
export const targetsOf = (pods: Scraped[]) =>
  pods
    .filter(({ hasProxy }) => hasProxy)
    .map(({ pod, address }) => ({
      targets: [`${address}:${METRICS_PORT}`],
      labels: { namespace: pod.metadata.namespace, pod: pod.metadata.name },
    }));

export const targetsFile = (state: string) =>
  join(state, 'prometheus', 'targets.json');

/** Written aside and moved into place: Prometheus never reads half a file. */
export function writeTargets(state: string, pods: Scraped[]): void {
  const file = targetsFile(state);
  mkdirSync(join(state, 'prometheus'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(targetsOf(pods)));
  renameSync(`${file}.new`, file);
}
