import type {
  KubeObject,
  MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { ConcernedComponents } from '../mesh/ConcernedComponents';
import type { WorkloadDirectory } from '../mesh/WorkloadDirectory';
import type { ObjectComponents } from './types';

/** Further away than its own namespace. */
const FAR = 2;

/** {@link ObjectComponents} by what the directory of workloads matched. */
export class DirectoryComponents implements ObjectComponents {
  constructor(
    private readonly options: {
      concerned: Pick<ConcernedComponents, 'of'>;
      directory: Pick<WorkloadDirectory, 'matchOf' | 'isSettled'>;
    },
  ) {}

  isReady(): boolean {
    return this.options.directory.isSettled();
  }

  of(object: KubeObject, snapshot: MeshSnapshot) {
    const all = this.options.concerned.of(object, snapshot);
    const near = all.map(ref => ({
      ref,
      distance: this.distance(ref, object, snapshot.cluster),
    }));
    near.sort((a, b) => a.distance - b.distance);
    const [first] = near;
    // A policy of the whole mesh belongs to none of those it concerns.
    return first && (first.distance < FAR || all.length === 1)
      ? { primary: first.ref, all }
      : { all };
  }

  /** Its own Service before its namespace before anywhere else. */
  private distance(
    entityRef: string,
    { metadata }: KubeObject,
    cluster: string,
  ): number {
    const match = this.options.directory.matchOf(entityRef);
    const own = [
      ...(match?.services ?? []),
      ...(match?.workloads ?? []),
    ].filter(
      one => one.cluster === cluster && one.namespace === metadata.namespace,
    );
    if (own.some(({ name }) => name === metadata.name)) return 0;
    return own.length > 0 ? 1 : FAR;
  }
}
