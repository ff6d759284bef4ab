import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { isWritable } from '../clusters/KubernetesMeshWriterPaths';
import { endSentence, nameObject } from './changeWords';
import { isOfNoComponent } from './entityOfCluster';
import { findCached, isAsLeft } from './findOverwritten';
import type { StoredChange } from './types';

/**
 * Why a change that the portal did not make cannot be taken back from the portal; undefined where it can,
 * as far as the cache tells.
 */
export function whyNotRevertible(
  { external, entityRef, operations }: StoredChange,
  reader: Pick<MeshReader, 'snapshot'>,
): string | undefined {
  const [operation] = operations;
  if (!external || !operation) return 'Nothing of it is in force';
  const { owner, hidden, unseen } = external;
  if (owner) {
    return `${endSentence(`${owner.name} keeps this object`)} ${owner.advice}`;
  }
  if (isOfNoComponent(entityRef)) {
    return 'It concerns no component, so nobody can be asked for it here';
  }
  if (!isWritable(operation.object)) {
    return `The portal does not write objects of kind ${operation.object.kind}`;
  }
  if (unseen) return unseen;
  if (hidden.length > 0) {
    return `The object holds values that are not kept (${hidden[0]}), so it cannot be put back from here`;
  }
  const isCurrent =
    operation.action === 'delete'
      ? findCached(operation.object, reader).object === undefined
      : isAsLeft(operation, reader);
  return isCurrent
    ? undefined
    : `${nameObject(operation.object)} was changed again since`;
}
