import type { NewChange } from '../../../../plugins/istio-backend/src/changes/types';
import type { DatabaseTarget } from './types';

/** How long things take in a history of real processes. */
export interface Pace {
  leaseSeconds: number;
  /** How long after its sending a request may still take effect. */
  settleSeconds: number;
  /** Of one request to the cluster. */
  requestMs: number;
  /** How much faster than ours the clock runs by which a sender judges whether it stood still. */
  speed: number;
}

/** What a replica is to be. */
export interface ReplicaStart {
  database: DatabaseTarget;
  apiServer: string;
  owner: string;
  pace: Pace;
}

/** What a replica is told; it answers `{ done: id }` when it did it, well or not. */
export type ReplicaOrder =
  | ({ is: 'start' } & ReplicaStart)
  | { is: 'do'; id: number; action: 'submit' | 'schedule'; change: NewChange }
  | { is: 'do'; id: number; action: 'lookAtTimers' | 'recover' };
