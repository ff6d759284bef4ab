import type { EntityMatch } from '../../entity/types';
import { observeCallers } from '../../mesh/authorization/observeCallers';
import type { ObservedCaller } from '../../mesh/authorization/componentAccess';
import { namespacedName } from '../../resources/objectKey';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import { accessArea } from '../behaviour/access';
import { simulatePlan } from '../simulatePlan';
import type { AffectedCaller, Plan } from '../types';
import { findStricterWorkloads } from './findStricterWorkloads';

/** Whether objects of the plan decide who may call. */
export function decidesAccess(plan: Pick<Plan, 'operations'>): boolean {
  return plan.operations.some(({ object }) =>
    accessArea.kinds.includes(object.kind),
  );
}

/**
 * Everybody who was seen calling what the plan reaches, with whether they may, before and after. That is
 * the component, and beside it each workload that would accept less: a policy of the namespace reaches them too.
 */
export function assessAccess(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
}): AffectedCaller[] {
  const { plan, snapshots, observations } = options;
  const then = snapshots.map(snapshot => simulatePlan(snapshot, plan));
  const match = withReached(options);
  const before = observeCallers({ match, snapshots, observations });
  const after = new Map(
    observeCallers({
      match,
      snapshots: then,
      observations,
      observedIn: snapshots,
    }).map(caller => [keyOf(caller), caller]),
  );
  return before.map(caller => {
    const { workload, namespace, perSecond, access } = caller;
    const later = after.get(keyOf(caller)) ?? caller;
    return {
      ...(workload !== undefined && { workload }),
      ...(namespace !== undefined && { namespace }),
      requestsPerSecond: perSecond,
      movedBefore: 0,
      movedAfter: 0,
      access: { before: access, after: later.access, reason: later.reason },
    };
  });
}

/**
 * The caller was let in, at least with some requests, and would not be any more, or not on every port
 * or not with every request: metrics do not say which port it calls, nor with what.
 */
export function losesAccess(caller: AffectedCaller): boolean {
  const { access } = caller;
  return (
    access !== undefined &&
    !isOut(access.before) &&
    (isOut(access.after) ||
      (access.after === 'mixed' && access.before !== 'mixed') ||
      mayLoseAccess(caller))
  );
}

/** Every request of the caller was let in, and afterwards it goes by the request, or by what is not known. */
export function mayLoseAccess({ access }: AffectedCaller): boolean {
  return (
    access?.before === 'always' &&
    (access.after === 'sometimes' || access.after === 'unknown')
  );
}

/** The caller was kept out and would be let in. */
export function gainsAccess({ access }: AffectedCaller): boolean {
  return (
    access !== undefined &&
    isOut(access.before) &&
    (access.after === 'always' || access.after === 'sometimes')
  );
}

/** `namespace/workload` of a caller; telemetry does not name each. */
export function nameCaller({ namespace, workload }: AffectedCaller): string {
  return workload === undefined
    ? 'a caller without name'
    : namespacedName({ namespace, name: workload });
}

function isOut(access: ObservedCaller['access']): boolean {
  return access === 'never' || access === 'refused';
}

function keyOf({ namespace, workload, principal }: ObservedCaller): string {
  return JSON.stringify([namespace, workload ?? principal]);
}

function withReached(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
}): EntityMatch {
  const { match } = options;
  const [template] = match.workloads;
  if (!template) {
    return match;
  }
  const others = findStricterWorkloads(options).filter(
    ({ cluster, namespace, name }) =>
      !match.workloads.some(
        own =>
          own.cluster === cluster &&
          own.namespace === namespace &&
          own.name === name,
      ),
  );
  return {
    ...match,
    workloads: [
      ...match.workloads,
      ...others.map(other => ({ ...template, ...other })),
    ],
  };
}
