import type { EntityMatch } from '../../entity/types';
import { objectKey } from '../../resources/objectKey';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import { simulatePlan } from '../simulatePlan';
import type { BehaviourChange, Plan } from '../types';
import { accessArea } from './access';
import { encryptionArea } from './encryption';
import { resilienceArea } from './resilience';
import { routesArea } from './routes';
import type { BehaviourArea, BehaviourFact, BehaviourWorld } from './types';

/** One line per area. */
const AREAS: readonly BehaviourArea[] = [
  routesArea,
  resilienceArea,
  encryptionArea,
  accessArea,
];

/**
 * What is effectively different for the component once a plan is applied: routes, resilience, encryption
 * and access, each resolved on the objects as they are and as they would be. What clusters share is one
 * entry.
 */
export function compareBehaviour(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  /** Keys of facts that are told elsewhere. */
  told?: ReadonlySet<string>;
}): BehaviourChange[] {
  const { plan, match, snapshots, observations, told } = options;
  const changes = snapshots.flatMap(snapshot => {
    const kinds = new Set(
      plan.operations
        .filter(({ object }) => object.cluster === snapshot.cluster)
        .map(({ object }) => object.kind),
    );
    const seen = observations.filter(
      ({ cluster, error }) => cluster === snapshot.cluster && !error,
    );
    const world = { match, observations: seen };
    const after = simulatePlan(snapshot, plan);
    return AREAS.filter(area =>
      area.kinds.some(kind => kinds.has(kind)),
    ).flatMap(area =>
      compareFacts(area, {
        cluster: snapshot.cluster,
        was: listFacts(area, { ...world, snapshot }, told),
        is: listFacts(
          area,
          { ...world, snapshot: after, observedIn: snapshot },
          told,
        ),
      }),
    );
  });
  return mergeClusters(changes);
}

function listFacts(
  area: BehaviourArea,
  world: BehaviourWorld,
  told: ReadonlySet<string> = new Set(),
): BehaviourFact[] {
  return area.list(world).filter(({ key }) => !told.has(key));
}

function compareFacts(
  { area, missing }: BehaviourArea,
  facts: { cluster: string; was: BehaviourFact[]; is: BehaviourFact[] },
): BehaviourChange[] {
  const { cluster, was, is } = facts;
  const clusters = [cluster];
  const known = (list: BehaviourFact[], { key }: BehaviourFact) =>
    list.find(other => other.key === key);
  const changed = is.flatMap(fact => {
    const before =
      known(was, fact)?.value ?? (missing && { text: missing.before });
    const { what, where, value } = fact;
    return before && !isSame(before, value)
      ? [{ area, what, where, clusters, before, after: value }]
      : [];
  });
  const gone = missing
    ? was
        .filter(fact => !known(is, fact))
        .map(({ what, where, value }) => ({
          area,
          what,
          where,
          clusters,
          before: value,
          after: { text: missing.after },
        }))
    : [];
  return [...changed, ...gone];
}

/** The deciding object may be another one: what counts is what callers notice. */
function isSame(
  left: BehaviourChange['before'],
  right: BehaviourChange['before'],
): boolean {
  return left.text === right.text && left.detail === right.detail;
}

function mergeClusters(changes: BehaviourChange[]): BehaviourChange[] {
  const merged = new Map<string, BehaviourChange>();
  for (const change of changes) {
    const key = JSON.stringify([
      change.area,
      change.what,
      change.where,
      [change.before, change.after].map(({ text, detail, decidedBy }) => [
        text,
        detail,
        decidedBy?.by === 'object' && objectKey(decidedBy.object),
      ]),
    ]);
    const same = merged.get(key);
    merged.set(key, {
      ...change,
      clusters: [...new Set([...(same?.clusters ?? []), ...change.clusters])],
    });
  }
  return [...merged.values()];
}
