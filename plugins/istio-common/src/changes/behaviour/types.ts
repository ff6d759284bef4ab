import type { EntityMatch } from '../../entity/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import type { BehaviourChange } from '../types';

/** One cluster as it is, or as it would be. */
export interface BehaviourWorld {
  snapshot: MeshSnapshot;
  match: EntityMatch;
  /** Of this cluster; tells who calls. */
  observations: readonly TrafficObservation[];
  /** The cluster as it was observed, where `snapshot` is as it would be. */
  observedIn?: MeshSnapshot;
}

/** Something that Istio does for the component now, with what makes it the same thing afterwards. */
export interface BehaviourFact {
  key: string;
  what: string;
  where: string;
  value: BehaviourChange['before'];
}

/** One question about a component's effective behaviour. */
export interface BehaviourArea {
  area: BehaviourChange['area'];
  /** Kinds of objects that can change the answer. */
  kinds: readonly string[];
  list(world: BehaviourWorld): BehaviourFact[];
  /** What stands for a fact that is only there before or only afterwards; absent: it is told elsewhere. */
  missing?: { before: string; after: string };
}
