import { KubeObject } from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { parseDocuments } from './parseDocuments';
import { InputFile } from './readFiles';

type MeshConfig = Readonly<Record<string, unknown>>;

/** A file that is meshConfig itself, or the ConfigMap that istiod reads. Throws `BadInput` for anything else. */
export function readMeshConfig(file: InputFile): MeshConfig {
  const [document] = parseDocuments(file.name, file.text);
  const value = document?.value ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw BadInput.at(
      { file: file.name },
      'is no meshConfig: must be an object',
    );
  }
  return fromConfigMap(value as KubeObject, file.name) ?? (value as MeshConfig);
}

/** The meshConfig of the `istio` ConfigMap, where it is among the objects. */
export function findMeshConfig(
  objects: readonly KubeObject[],
): MeshConfig | undefined {
  const object = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio',
  );
  return object && fromConfigMap(object, 'ConfigMap istio');
}

function fromConfigMap(
  object: KubeObject,
  name: string,
): MeshConfig | undefined {
  const { mesh } = (object.data ?? {}) as { mesh?: unknown };
  if (object.kind !== 'ConfigMap' || typeof mesh !== 'string') {
    return undefined;
  }
  const [document] = parseDocuments(`${name} data.mesh`, mesh);
  return (document?.value ?? {}) as MeshConfig;
}
