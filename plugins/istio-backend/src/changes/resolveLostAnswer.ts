import {
  hashObject,
  type KubeObject,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import { CHANGE_ID_ANNOTATION } from '../clusters/KubernetesMeshWriterAnnotations';
import type { StoredChange, StoredOperation } from './types';

/**
 * What an object says about a write whose answer was lost: `applied` it carries the change's id, or
 * the object to be deleted is gone; `notApplied` it is exactly the base; `unclear` somebody wrote
 * since, or the cluster does not show it.
 */
export interface LostAnswer {
  is: 'applied' | 'notApplied' | 'unclear';
  object?: KubeObject;
  /** In words, for the record. */
  because: string;
}

/** Reads the object and compares. A `notApplied` is final only when no request can be on its way any more. */
export async function resolveLostAnswer(options: {
  writer: MeshWriter;
  change: StoredChange;
  operation: StoredOperation;
}): Promise<LostAnswer> {
  const { writer, change, operation } = options;
  let object: KubeObject | undefined;
  try {
    object = await writer.read(operation.object);
  } catch (error) {
    return {
      is: 'unclear',
      because: error instanceof Error ? error.message : String(error),
    };
  }
  if (
    object?.metadata.annotations?.[CHANGE_ID_ANNOTATION] === change.id &&
    operation.action !== 'delete'
  ) {
    return {
      is: 'applied',
      object,
      because: 'it carries the id of the change',
    };
  }
  const base = change.plan?.operations[operation.index]?.base;
  switch (operation.action) {
    case 'create':
      return object
        ? { is: 'unclear', because: 'somebody else created it' }
        : { is: 'notApplied', because: 'it does not exist' };
    case 'delete':
      return missingOrBase(
        object,
        base,
        // An open change keeps nobody else off the object, so that it is gone proves nothing then.
        change.state === 'indeterminate'
          ? { is: 'unclear', because: 'it is gone, perhaps by another change' }
          : { is: 'applied', because: 'it is gone, as the change asked' },
      );
    default:
      return missingOrBase(object, base, {
        is: 'unclear',
        because: 'it was deleted',
      });
  }
}

/** Whether the object is again what it was before the operation. A cluster that does not answer: no. */
export async function isTakenBack(
  writer: Pick<MeshWriter, 'read'>,
  operation: Pick<PlanOperation, 'object' | 'action' | 'base'>,
): Promise<boolean> {
  try {
    const live = await writer.read(operation.object);
    return operation.action === 'create'
      ? live === undefined
      : live !== undefined && hashObject(live) === operation.base?.hash;
  } catch {
    return false;
  }
}

function missingOrBase(
  object: KubeObject | undefined,
  base: { uid: string; resourceVersion: string; hash: string } | undefined,
  whenMissing: LostAnswer,
): LostAnswer {
  if (!object) {
    return whenMissing;
  }
  const same =
    object.metadata.uid === base?.uid &&
    (object.metadata.resourceVersion === base?.resourceVersion ||
      hashObject(object) === base?.hash);
  return same
    ? { is: 'notApplied', object, because: 'it is as it was before' }
    : { is: 'unclear', object, because: 'somebody changed it since' };
}
