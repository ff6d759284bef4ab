import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../kubernetes/types';
import { runCommand } from '../network/ip';
import { istioValues } from './istioValues';

/** The objects of an installation, in the order in which they are needed. */
export interface Manifest {
  definitions: KubeObject[];
  base: KubeObject[];
  /** Created after istiod runs, who fills in its certificate. */
  webhooks: KubeObject[];
}

/** istiod runs as a process: what would run it as a Pod is left out. */
const NOT_NEEDED = new Set([
  'Deployment',
  'HorizontalPodAutoscaler',
  'NetworkPolicy',
  'PodDisruptionBudget',
]);

/** Sorts rendered charts. Pure. */
export function sortManifest(objects: KubeObject[]): Manifest {
  const definitions = objects.filter(
    ({ kind }) => kind === 'CustomResourceDefinition',
  );
  const webhooks = objects.filter(({ kind }) =>
    kind.endsWith('WebhookConfiguration'),
  );
  return {
    definitions,
    webhooks,
    base: objects.filter(
      object =>
        !NOT_NEEDED.has(object.kind) &&
        !definitions.includes(object) &&
        !webhooks.includes(object),
    ),
  };
}

/** The documents of a YAML text that are objects. */
export const readObjects = (text: string) =>
  loadAll(text).filter(Boolean) as KubeObject[];

/** Renders the charts inside istioctl; needs no network. */
export async function renderIstio(options: {
  istioctl: string;
  envoy: string;
  folder: string;
}): Promise<Manifest> {
  const file = join(options.folder, 'values.yaml');
  writeFileSync(file, JSON.stringify(istioValues(options.envoy)));
  const text = await runCommand(options.istioctl, [
    'manifest',
    'generate',
    '-f',
    file,
  ]);
  return sortManifest(readObjects(text));
}

/** The objects of all YAML files of a folder. */
export const readFolder = (folder: string) =>
  readdirSync(folder)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .flatMap(name => readObjects(readFileSync(join(folder, name), 'utf8')));
