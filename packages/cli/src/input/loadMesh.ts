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
import { completeWorkloads } from './completeWorkloads';
import { findMeshConfig, readMeshConfig } from './readMeshConfig';
import { readFile, readFiles } from './readFiles';
import { readObjects } from './readObjects';

/** The objects of the command's paths, as written. */
export function loadObjects(
  options: CommandOptions,
  terminal: Terminal,
): KubeObject[] {
  return readObjects(readFiles(options.paths, terminal));
}

/** The files as a whole mesh: what is not in them does not exist. */
export function loadMesh(
  options: CommandOptions,
  terminal: Terminal,
): MeshSnapshot {
  const written = loadObjects(options, terminal);
  const file = textFlag(options.values, 'mesh-config');
  const meshConfig = file
    ? readMeshConfig(readFile(file, terminal))
    : findMeshConfig(written);
  const objects = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of completeWorkloads(written)) {
    const kind = kindNameOf(object);
    if (kind) {
      objects[kind].push(object);
    }
  }
  const root =
    textFlag(options.values, 'root-namespace') ?? meshConfig?.rootNamespace;
  return buildSnapshot({
    cluster: '',
    asOf: 0,
    objects,
    ...(typeof root === 'string' && root !== '' ? { rootNamespace: root } : {}),
    ...(meshConfig ? { meshConfig } : {}),
  });
}
