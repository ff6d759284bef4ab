import {
  buildSnapshot,
  KIND_NAMES,
  KindName,
  kindNameOf,
  KubeObject,
  MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { textFlag } from '../arguments/readFlags';
import { Terminal } from '../types';
import { assumeGateway } from './assumeGateway';
import { completeWorkloads } from './completeWorkloads';
import { findMeshConfig, readMeshConfig } from './readMeshConfig';
import { readFile, readFiles } from './readFiles';
import { ReadObjects, readObjects } from './readObjects';

/** The objects of the command's paths, as written. */
export function loadObjects(
  options: CommandOptions,
  terminal: Terminal,
): ReadObjects {
  return readObjects(readFiles(options.paths, terminal));
}

/** The files as a whole mesh: what is not in them does not exist. */
export function loadMesh(
  options: CommandOptions,
  terminal: Terminal,
): MeshSnapshot {
  const { objects } = loadObjects(options, terminal);
  return buildMesh(objects, { options, terminal, reading: 'as deployed' });
}

/**
 * How files are read where they say little: as what the cluster makes of them, or as istioctl's analysis
 * does, which takes pods as they are and assumes the gateway that Istio's installation comes with.
 */
type Reading = 'as deployed' | 'as istioctl';

/** A mesh of the objects. */
export function buildMesh(
  written: readonly KubeObject[],
  given: {
    options: CommandOptions;
    terminal: Terminal;
    reading: Reading;
    /** Name of the cluster that the files are for; empty where none is meant. */
    cluster?: string;
    domain?: string;
    /** Where neither the flag nor the mesh's own configuration names it. */
    rootNamespace?: string;
  },
): MeshSnapshot {
  const { options, terminal, reading, cluster = '', domain } = given;
  const file = textFlag(options.values, 'mesh-config');
  const meshConfig = file
    ? readMeshConfig(readFile(file, terminal))
    : findMeshConfig(written);
  const root =
    textFlag(options.values, 'root-namespace') ??
    textOf(meshConfig?.rootNamespace) ??
    given.rootNamespace ??
    'istio-system';
  return buildSnapshot({
    cluster,
    asOf: terminal.now(),
    objects: byKind(
      reading === 'as deployed'
        ? completeWorkloads(written, 'to be injected')
        : [
            ...completeWorkloads(written, 'as they are'),
            ...assumeGateway(written, { rootNamespace: root, meshConfig }),
          ],
    ),
    rootNamespace: root,
    ...(domain === undefined ? {} : { domain }),
    ...(meshConfig ? { meshConfig } : {}),
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Every kind is there, if empty: files that do not have it are no cluster that could not be read. */
function byKind(
  objects: readonly KubeObject[],
): Record<KindName, KubeObject[]> {
  const kinds = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of objects) {
    const kind = kindNameOf(object);
    if (kind) {
      kinds[kind].push(object);
    }
  }
  return kinds;
}
