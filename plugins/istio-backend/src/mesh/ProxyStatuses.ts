import {
  findIstiodPods,
  type MeshSnapshot,
  type ProxyStatusReading,
} from '@istio-backstage/plugin-istio-common';
import type { ProxyStatusReader } from '@istio-backstage/plugin-istio-node';
import type { ClusterStatuses } from './ClusterStatuses';

/** What the control planes of some clusters know of their proxies. */
export class ProxyStatuses {
  constructor(
    private readonly options: {
      reader: ProxyStatusReader;
      /** A cluster that does not answer is not asked. */
      statuses: Pick<ClusterStatuses, 'isCurrent'>;
    },
  ) {}

  of(snapshots: readonly MeshSnapshot[]): Promise<ProxyStatusReading[]> {
    const { reader, statuses } = this.options;
    return Promise.all(
      snapshots.map(async (snapshot): Promise<ProxyStatusReading> => {
        const { cluster } = snapshot;
        return statuses.isCurrent(cluster)
          ? reader.read({ cluster, istiods: findIstiodPods(snapshot) })
          : {
              cluster,
              state: 'unknown',
              reason: 'the cluster does not answer',
            };
      }),
    );
  }
}
