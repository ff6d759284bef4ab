import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type KnownAddress,
  prometheusConfig,
} from '../telemetry/prometheusConfig';
import { peerOfWorkload } from './containerProcesses';
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

/** Who has which address. Pure. */
export const knownAddresses = (pods: Scraped[]): KnownAddress[] =>
  pods.map(({ pod, address }) => ({ address, peer: peerOfWorkload(pod) }));

const folderOf = (state: string) => join(state, 'prometheus');

export const prometheusConfigFile = (state: string) =>
  join(folderOf(state), 'config.yml');

/** The files that Prometheus reads, each moved into place whole. */
export function writePrometheusFiles(state: string, pods: Scraped[]): void {
  mkdirSync(folderOf(state), { recursive: true });
  const targets = join(folderOf(state), 'targets.json');
  replace(targets, targetsOf(pods));
  replace(
    prometheusConfigFile(state),
    prometheusConfig(targets, knownAddresses(pods)),
  );
}

function replace(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
