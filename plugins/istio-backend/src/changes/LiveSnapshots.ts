import { ServiceUnavailableError } from '@backstage/errors';
import {
  withObjects,
  type KubeObject,
  type MeshSnapshot,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  MeshWriter,
} from '@istio-backstage/plugin-istio-node';
import { lockKeyOf } from './objectLocks';

const ROUNDS_AT_MOST = 4;

/** Options of {@link LiveSnapshots}. */
export interface LiveSnapshotsOptions {
  reader: MeshReader;
  writer: Pick<MeshWriter, 'read'>;
}

/**
 * Snapshots whose objects-to-be-written were read from the API server just now. The caches may lag
 * behind the last change, and a plan on an old base would only end in a conflict.
 */
export class LiveSnapshots {
  static create(options: LiveSnapshotsOptions): LiveSnapshots {
    return new LiveSnapshots(options);
  }

  private constructor(private readonly options: LiveSnapshotsOptions) {}

  /** Throws ServiceUnavailableError for a cluster that was never read. */
  cached(clusters: string[]): MeshSnapshot[] {
    return clusters.map(cluster => {
      const snapshot = this.options.reader.snapshot(cluster);
      if (!snapshot) {
        const state = this.options.reader
          .clusters()
          .find(({ name }) => name === cluster);
        throw new ServiceUnavailableError(
          `There is no data of cluster ${cluster} yet${
            state?.message ? `: ${state.message}` : ''
          }`,
        );
      }
      return snapshot;
    });
  }

  /**
   * Computes until every object that `needed` names for the result was read live.
   * Throws ServiceUnavailableError when a cluster does not answer.
   */
  async compute<T>(options: {
    clusters: string[];
    compute: (snapshots: MeshSnapshot[]) => T;
    needed: (result: T) => ObjectRef[];
  }): Promise<{ result: T; snapshots: MeshSnapshot[] }> {
    let snapshots = this.cached(options.clusters);
    let result = options.compute(snapshots);
    const read = new Set<string>();
    for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
      const missing = options
        .needed(result)
        .filter(object => !read.has(lockKeyOf(object)));
      if (missing.length === 0) {
        return { result, snapshots };
      }
      missing.forEach(object => read.add(lockKeyOf(object)));
      snapshots = await this.refresh(snapshots, missing);
      result = options.compute(snapshots);
    }
    throw new ServiceUnavailableError(
      'The objects change faster than they can be read; try again',
    );
  }

  private async refresh(
    snapshots: MeshSnapshot[],
    refs: ObjectRef[],
  ): Promise<MeshSnapshot[]> {
    const live = await Promise.all(
      refs.map(async ref => ({
        ref,
        object: await this.options.writer.read(ref),
      })),
    );
    return snapshots.map(snapshot => {
      const own = live.filter(({ ref }) => ref.cluster === snapshot.cluster);
      return own.length === 0
        ? snapshot
        : withObjects(snapshot, {
            replace: own
              .map(({ object }) => object)
              .filter((object): object is KubeObject => object !== undefined),
            remove: own
              .filter(({ object }) => object === undefined)
              .map(({ ref }) => ref),
          });
    });
  }
}
