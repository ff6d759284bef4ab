import { NotFoundError } from '@backstage/errors';
import type { ClusterSupplier } from '@istio-backstage/plugin-istio-node';
import type { ClusterConfig } from '../config';
import { DefaultKubeClient } from './DefaultKubeClient';
import type { KubeClient } from './types';

export interface RegisteredCluster {
  name: string;
  title?: string;
  rootNamespace: string;
  domain: string;
}

/** The configured clusters and one client for each. Cluster names come from here and from nowhere else. */
export class ClusterRegistry {
  static async create(options: {
    supplier: ClusterSupplier;
    /** Settings beside the connection; a supplied cluster without an entry gets Istio's defaults. */
    settings: readonly ClusterConfig[];
    createClient?: typeof DefaultKubeClient.create;
  }): Promise<ClusterRegistry> {
    const createClient = options.createClient ?? DefaultKubeClient.create;
    const registry = new ClusterRegistry();
    for (const connection of await options.supplier.listClusters()) {
      if (registry.clusters.has(connection.name)) {
        throw new Error(
          `The cluster supplier names the cluster '${connection.name}' twice; names must be unique`,
        );
      }
      const settings = options.settings.find(
        one => one.name === connection.name,
      );
      registry.clusters.set(connection.name, {
        info: {
          name: connection.name,
          title: connection.title ?? settings?.title,
          rootNamespace: settings?.rootNamespace ?? 'istio-system',
          domain: settings?.domain ?? 'cluster.local',
        },
        client: createClient(connection),
      });
    }
    return registry;
  }

  private readonly clusters = new Map<
    string,
    { info: RegisteredCluster; client: KubeClient }
  >();

  private constructor() {}

  list(): RegisteredCluster[] {
    return [...this.clusters.values()].map(({ info }) => info);
  }

  clients(): KubeClient[] {
    return [...this.clusters.values()].map(({ client }) => client);
  }

  /** Throws NotFoundError for a name that is not configured. */
  clientFor(cluster: string): KubeClient {
    const found = this.clusters.get(cluster);
    if (!found) {
      throw new NotFoundError(`No cluster is named '${cluster}'`);
    }
    return found.client;
  }
}
