import { readDestinationRule } from '../resources/destinationRule';
import { resolveHost } from '../resources/host';
import { kindNameOf, type KindName } from '../resources/kinds';
import { describeObject, namespacedName } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';
import {
  findBrokenReferences,
  findUsersOfSubsets,
} from './findBrokenReferences';
import { hashObject } from './hashObject';
import {
  findObject,
  planDelete,
  planWrite,
  sealPlan,
  type UnplacedOperation,
} from './planOperation';
import { simulatePlan } from './simulatePlan';
import type { Plan, PlanOperation } from './types';

/** Why a change cannot be taken back as it was. */
export interface InvertProblem {
  cluster: string;
  /** `changed` since by somebody, `gone`, `missingReference`, or the data is `notCurrent`. */
  code: 'changed' | 'gone' | 'missingReference' | 'notCurrent';
  message: string;
}

export type InvertResult =
  | { ok: true; plan: Plan }
  | { ok: false; problems: InvertProblem[] };

/**
 * The plan that takes operations back, in the opposite order: what was created is deleted, what was
 * edited or deleted is what it was before.
 *
 * Refuses when an object is no longer what the change made it (somebody changed it since, and the
 * inverse would undo that too), when a Service, subset or pods that the old routes send to are gone,
 * and when another route uses a subset that would go.
 *
 * `after` of each operation must be what the API server made of it, defaults included; an operation
 * whose answer was recorded passes that instead of the planned object. Operations that were not
 * applied do not belong in the list.
 */
export function invertPlan(options: {
  operations: PlanOperation[];
  snapshots: MeshSnapshot[];
}): InvertResult {
  const { operations, snapshots } = options;
  const problems: InvertProblem[] = [];
  const inverse: UnplacedOperation[] = [];
  const reversed = [...operations].sort((a, b) => b.index - a.index);
  for (const operation of reversed) {
    const { cluster } = operation.object;
    const snapshot = snapshots.find(each => each.cluster === cluster);
    const problem = snapshot
      ? checkUntouched(snapshot, operation)
      : {
          cluster,
          code: 'notCurrent' as const,
          message: `There is no current data of cluster ${cluster}`,
        };
    if (problem) {
      problems.push(problem);
    } else if (snapshot) {
      const inverted = invertOperation(snapshot, operation);
      if (inverted) {
        inverse.push(inverted);
      }
    }
  }
  if (problems.length === 0) {
    for (const snapshot of snapshots) {
      problems.push(...checkReferences(snapshot, inverse));
    }
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, plan: sealPlan(inverse) };
}

function invertOperation(
  snapshot: MeshSnapshot,
  operation: PlanOperation,
): UnplacedOperation | undefined {
  return operation.action === 'create'
    ? planDelete(snapshot, operation.object)
    : planWrite(snapshot, operation.before as KubeObject);
}

function checkUntouched(
  snapshot: MeshSnapshot,
  operation: PlanOperation,
): InvertProblem | undefined {
  const { cluster } = snapshot;
  const { object, action, after } = operation;
  const name = `${object.kind} ${namespacedName(object)} in ${cluster}`;
  const stale = findStale(snapshot, kindNameOf(object));
  if (stale) {
    return {
      cluster,
      code: 'notCurrent',
      message: `${stale} objects of ${cluster} are not current, so whether ${name} changed since cannot be told`,
    };
  }
  const current = findObject(snapshot, object);
  if (action === 'delete') {
    return (
      current && {
        cluster,
        code: 'changed',
        message: `${name} was created anew since`,
      }
    );
  }
  if (!current) {
    return { cluster, code: 'gone', message: `${name} was deleted since` };
  }
  return hashObject(current) === hashObject(after as KubeObject)
    ? undefined
    : {
        cluster,
        code: 'changed',
        message: `${name} was changed since; reverting would undo that too`,
      };
}

/** Kinds without which neither the object nor what it refers to can be judged. */
function findStale(
  snapshot: MeshSnapshot,
  kind: KindName | undefined,
): KindName | undefined {
  const kinds: KindName[] = ['Service', 'DestinationRule'];
  return [...(kind ? [kind] : []), ...kinds].find(
    each =>
      snapshot.freshness[each].state !== 'synced' &&
      !(each !== kind && snapshot.freshness[each].state === 'notInstalled'),
  );
}

/** Judges the cluster as it would be when everything is taken back. */
function checkReferences(
  snapshot: MeshSnapshot,
  inverse: UnplacedOperation[],
): InvertProblem[] {
  const { cluster } = snapshot;
  const own = inverse.filter(({ object }) => object.cluster === cluster);
  const restored = own.flatMap(({ action, after }) =>
    action === 'delete' ? [] : [after as KubeObject],
  );
  const then = simulatePlan(snapshot, { operations: own });
  const messages = [
    ...restored.flatMap(object => findBrokenReferences(then, object)),
    ...own.flatMap(operation => findOrphans(then, operation)),
  ];
  return [...new Set(messages)].map(message => ({
    cluster,
    code: 'missingReference',
    message: `${message} in ${cluster}`,
  }));
}

/** Routes that would be left with a subset this operation takes away. */
function findOrphans(
  then: MeshSnapshot,
  operation: UnplacedOperation,
): string[] {
  const before = operation.before as KubeObject | undefined;
  if (!before || kindNameOf(before) !== 'DestinationRule') {
    return [];
  }
  const after = operation.after as KubeObject | undefined;
  const left = after
    ? readDestinationRule(after).subsets.map(({ name }) => name)
    : [];
  const { host, subsets } = readDestinationRule(before);
  return findUsersOfSubsets(then, {
    host: resolveHost(host, {
      namespace: before.metadata.namespace ?? '',
      domain: then.domain,
    }),
    names: subsets.map(({ name }) => name).filter(name => !left.includes(name)),
  }).map(
    user => `${user}, which ${describeObject(before)} would no longer have`,
  );
}
