import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario } from '@istio-backstage/sandbox';
import {
  createObject,
  ResourcePaths,
  inParallel,
} from '../kubernetes/applyObjects';
import { type KubeClient, KubeError } from '../kubernetes/KubeClient';
import { outsideFolder } from '../agent/podFiles';
import { runCommand } from '../network/ip';
import type { RunningLab } from '../RunningLab';
import { PATIENCE, waitFor } from '../waitFor';
import { outsideHosts } from './outside';
import { readWorldFile, type WorldFile } from './worldFile';
import {
  type WorldObject,
  worldObjects,
  type WorldPlace,
} from './worldObjects';

const WIDTH = 6;

/** Creates a world and resolves when all its Deployments are available. */
export async function installWorld(
  lab: RunningLab,
  client: KubeClient,
  name: string,
): Promise<void> {
  const file = readWorldFile(name);
  if (!file.scenario) return;
  const objects = worldObjects(file, {
    scenario: loadScenario(file.scenario),
    place: await preparePlace(lab, file),
    now: Date.now(),
  });
  const paths = new ResourcePaths(client);
  for (const group of groupsOf(objects)) {
    await inParallel(group, WIDTH, entry => create(client, paths, entry));
  }
  await deploymentsAvailable(client);
}

/** Objects of one kind depend on none of the same kind. */
function groupsOf(objects: WorldObject[]): WorldObject[][] {
  const early = ['Namespace', 'ServiceAccount', 'ClusterRole'];
  const first = early.map(kind =>
    objects.filter(({ object }) => object.kind === kind),
  );
  const deployments = objects.filter(
    ({ object }) => object.kind === 'Deployment',
  );
  const between = objects.filter(
    one => !first.flat().includes(one) && !deployments.includes(one),
  );
  return [...first, between, deployments];
}

async function create(
  client: KubeClient,
  paths: ResourcePaths,
  { object, manager }: WorldObject,
): Promise<void> {
  try {
    await createObject(client, paths, { object, manager });
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const { kind, metadata } = object;
    throw new Error(
      `${kind} ${metadata.namespace ?? ''}/${metadata.name} of the world: ${
        error.message
      }`,
    );
  }
}

async function preparePlace(
  lab: RunningLab,
  file: WorldFile,
): Promise<WorldPlace> {
  const folder = outsideFolder(lab.state);
  mkdirSync(folder, { recursive: true });
  const certificateOf = (host: string) => ({
    certificate: join(folder, `${host}.crt`),
    key: join(folder, `${host}.key`),
  });
  for (const { host } of (file.outside?.servers ?? []).filter(
    server => server.tls,
  )) {
    const { certificate, key } = certificateOf(host);
    await runCommand(lab.binaries.labapp, [
      'certificate',
      '-host',
      host,
      '-certificate',
      certificate,
      '-key',
      key,
    ]);
  }
  return {
    labapp: lab.binaries.labapp,
    hosts: outsideHosts(file.outside, lab.network.podPrefix),
    certificateOf,
  };
}

interface Deployments {
  items: {
    metadata: { name: string; namespace: string; generation: number };
    spec: { replicas: number };
    status?: { availableReplicas?: number; observedGeneration?: number };
  }[];
}

async function deploymentsAvailable(client: KubeClient): Promise<void> {
  let waiting: string[] = [];
  await waitFor(
    async () => {
      const { items } = await client.call<Deployments>(
        '/apis/apps/v1/deployments',
      );
      waiting = items
        .filter(
          ({ spec, status }) =>
            (status?.availableReplicas ?? 0) < spec.replicas,
        )
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      return waiting.length === 0;
    },
    {
      what: 'readiness of all Pods of the world',
      timeoutSeconds: PATIENCE,
      every: 300,
    },
  ).catch(error => {
    throw new Error(`${error.message}; waiting for ${waiting.join(', ')}`);
  });
}
