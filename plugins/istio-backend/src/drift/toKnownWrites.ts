import {
  observeContent,
  type KnownWrite,
  type KubeObject,
  type ObservedObject,
} from '@istio-backstage/plugin-istio-common';
import type { ReachedVersion, StoredChange } from '../changes/types';

/** Outcomes of requests that may have taken effect although no answer says so. */
const UNPROVEN = ['unknown', 'pending'];

/**
 * What a change of the portal did to one of its objects, in the order of its requests: the write, and
 * where it was taken back in the same change, the undo.
 */
export function toKnownWrites(
  change: Pick<StoredChange, 'id' | 'plan' | 'operations' | 'proposal'>,
  index: number,
): KnownWrite[] {
  const operation = change.operations.find(each => each.index === index);
  const planned = change.plan?.operations[index];
  if (!operation || !planned) return [];
  const base = planned.base && stateOf(planned.base, planned.before);
  const identity = {
    changeId: change.id,
    ...(base && { base }),
    ...(change.proposal && { isUnheld: true as const }),
  };
  const writes: KnownWrite[] = [];
  for (const reached of reachedBy(operation)) {
    if (
      reached.isUndo &&
      reached.resourceVersion === undefined &&
      operation.action !== 'create'
    ) {
      writes.push({ ...identity, isUnproven: true, isUndo: true });
      continue;
    }
    const content = reached.isUndo
      ? planned.before
      : operation.result ?? planned.after;
    const result = stateOf(reached, content);
    const previous = writes.at(-1)?.result;
    writes.push({
      ...identity,
      ...(reached.isUndo && { base: previous }),
      ...(result && { result }),
    });
  }
  const isUnproven =
    operation.sentAt !== undefined &&
    (UNPROVEN.includes(operation.outcome) || isWithoutAnswer(operation));
  return isUnproven ? [...writes, { ...identity, isUnproven }] : writes;
}

/** It was closed because nothing of it was found; its process may still send it. */
function isWithoutAnswer({
  outcome,
  status,
  reached,
}: StoredChange['operations'][number]): boolean {
  return outcome === 'failed' && status === undefined && !reached;
}

/** Before versions were recorded, the last one stood alone. */
function reachedBy({
  reached,
  outcome,
  action,
  resourceVersion,
}: StoredChange['operations'][number]): ReachedVersion[] {
  if (reached) return reached;
  if (outcome !== 'applied') return [];
  return action === 'delete' ? [{}] : [{ resourceVersion }];
}

/** Undefined for an object that is not there. */
function stateOf(
  version: ReachedVersion & { uid?: string },
  content: Record<string, unknown> | undefined,
): ObservedObject | undefined {
  if (version.resourceVersion === undefined || !content) return undefined;
  return {
    ...observeContent(content as unknown as KubeObject),
    uid: version.uid ?? '',
    resourceVersion: version.resourceVersion,
    ...(version.generation !== undefined && { generation: version.generation }),
    writers: [],
  };
}
