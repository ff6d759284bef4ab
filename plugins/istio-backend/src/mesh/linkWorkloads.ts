import type {
  HealthResult,
  MtlsResult,
  Neighbour,
  Sentence,
} from '@istio-backstage/plugin-istio-common';
import type { WorkloadOwner } from './WorkloadDirectory';

/** Parts of an answer that name other workloads. */
export interface Linkable {
  health: HealthResult;
  mtls: MtlsResult;
  neighbours: Neighbour[];
}

/** Answers with what this person may see only. */
export type OwnerOf = (workload: {
  namespace?: string;
  name: string;
}) => WorkloadOwner | undefined;

/** Adds the catalog entity and its owner wherever a workload is named and an entity has it. */
export function linkWorkloads<T extends Linkable>(
  result: T,
  ownerOf: OwnerOf,
): T {
  const { health, mtls, neighbours } = result;
  return {
    ...result,
    health: {
      ...health,
      cause: linkSentence(health.cause, ownerOf),
      ...(health.detail && { detail: linkSentence(health.detail, ownerOf) }),
    },
    mtls: {
      ...mtls,
      observed: {
        ...mtls.observed,
        plaintextCallers: mtls.observed.plaintextCallers.map(caller =>
          caller.workload
            ? {
                ...caller,
                ...ownerOf({
                  namespace: caller.namespace,
                  name: caller.workload,
                }),
              }
            : caller,
        ),
      },
    },
    neighbours: neighbours.map(neighbour =>
      neighbour.kind === 'workload' || neighbour.kind === 'service'
        ? { ...neighbour, ...ownerOf(neighbour) }
        : neighbour,
    ),
  };
}

function linkSentence(sentence: Sentence, ownerOf: OwnerOf): Sentence {
  return sentence.map(part => {
    const owner = part.workload && ownerOf(part.workload);
    return owner ? { ...part, entityRef: owner.entityRef } : part;
  });
}
